/** Users: the triggers that Cognito calls at a confirmation and at each sign-in. */
@NullMarked
package cruddur.users;

import org.jspecify.annotations.NullMarked;
