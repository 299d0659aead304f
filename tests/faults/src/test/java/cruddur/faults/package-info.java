/**
 * Breaks what stands under the functions while many clients call them, and compares what was
 * acknowledged with what is stored.
 */
@NullMarked
package cruddur.faults;

import org.jspecify.annotations.NullMarked;
