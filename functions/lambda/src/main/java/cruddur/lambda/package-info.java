/** Reads the events that AWS sends to the functions, and writes the responses that it expects. */
@NullMarked
package cruddur.lambda;

import org.jspecify.annotations.NullMarked;
