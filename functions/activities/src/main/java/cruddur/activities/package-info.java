/** Activities: creates them, reads the home feed, and removes them when they have expired. */
@NullMarked
package cruddur.activities;

import org.jspecify.annotations.NullMarked;
