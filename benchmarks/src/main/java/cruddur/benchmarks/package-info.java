/**
 * Measures what the README claims: starts and calls of the packaged functions under AWS's runtime
 * client, each beside what it is compared with. Never shipped.
 */
@NullMarked
package cruddur.benchmarks;

import org.jspecify.annotations.NullMarked;
