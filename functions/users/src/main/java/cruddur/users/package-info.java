/** What Cognito calls when users come and go. */
@NullMarked
package cruddur.users;

import org.jspecify.annotations.NullMarked;
