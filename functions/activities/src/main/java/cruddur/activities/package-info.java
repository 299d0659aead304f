/** Cruds: making them and reading the home feed. */
@NullMarked
package cruddur.activities;

import org.jspecify.annotations.NullMarked;
