/**
 * What the functions stand on when they do not run in AWS: a PostgreSQL 18 with Cruddur's schema,
 * for the tests and {@code bin/local}, and a Lambda call, for the tests.
 */
@NullMarked
package cruddur.testbed;

import org.jspecify.annotations.NullMarked;
