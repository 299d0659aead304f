/**
 * The JDBC helper: runs the statements of {@code sql/} on PostgreSQL and hands back the JSON that
 * they return. It is the only code that touches JDBC, and knows no event.
 *
 * <p>A statement may be sent again after a fault, so every file of {@code sql/} that a function
 * runs must be safe to repeat: a read, or a write that carries its own key.
 */
@NullMarked
package cruddur.database;

import org.jspecify.annotations.NullMarked;
