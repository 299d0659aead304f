/** Brings the database to the schema of this version of the code. */
@NullMarked
package cruddur.migrations;

import org.jspecify.annotations.NullMarked;
