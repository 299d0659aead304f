/**
 * An embedded PostgreSQL 18 that holds Cruddur's schema: the database of the tests and of {@code
 * bin/local}.
 */
@NullMarked
package cruddur.postgres;

import org.jspecify.annotations.NullMarked;
