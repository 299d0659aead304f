/**
 * A PostgreSQL with Cruddur's schema on this machine, and the network to it, for {@code bin/local}
 * and for tests.
 */
@NullMarked
package cruddur.postgres;

import org.jspecify.annotations.NullMarked;
