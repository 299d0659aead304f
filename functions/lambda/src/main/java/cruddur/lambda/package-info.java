/**
 * Parts of several functions: requests and responses, JSON, metrics, the failure log, priming,
 * names.
 */
@NullMarked
package cruddur.lambda;

import org.jspecify.annotations.NullMarked;
