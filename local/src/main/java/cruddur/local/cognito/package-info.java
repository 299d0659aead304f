/**
 * The user pool on one machine: sign-ins, users, tokens and the origins of the page. Uses {@link
 * cruddur.local.lambda} and {@link cruddur.local.template}.
 */
@NullMarked
package cruddur.local.cognito;

import org.jspecify.annotations.NullMarked;
