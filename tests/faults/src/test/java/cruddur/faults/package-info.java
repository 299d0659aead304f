/**
 * Tests of faults under the functions. Many clients call meanwhile; then the acknowledged posts are
 * compared with the stored ones.
 */
@NullMarked
package cruddur.faults;

import org.jspecify.annotations.NullMarked;
