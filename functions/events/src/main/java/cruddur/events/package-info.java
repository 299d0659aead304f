/** Reads the events that AWS sends to the functions, and writes the answers that it expects. */
@NullMarked
package cruddur.events;

import org.jspecify.annotations.NullMarked;
