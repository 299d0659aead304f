/**
 * Measures the README's figures: starts and calls of the packaged functions under AWS's runtime
 * client, and other programs for comparison. Never shipped.
 */
@NullMarked
package cruddur.benchmarks;

import org.jspecify.annotations.NullMarked;
