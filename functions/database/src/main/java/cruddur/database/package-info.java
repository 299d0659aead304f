/**
 * The JDBC helper: runs the functions' statements of {@code sql/} on PostgreSQL. Each returns one
 * row. In the shipped code, only this package and the migrations use JDBC. It does not depend on
 * events.
 *
 * <p>A statement may be sent again after a failure, so every file of {@code sql/} that a function
 * runs must be safe to repeat: a read, a write with its own key, or a removal.
 */
@NullMarked
package cruddur.database;

import org.jspecify.annotations.NullMarked;
