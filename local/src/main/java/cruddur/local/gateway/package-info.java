/**
 * API Gateway's HTTP API on one machine: routes, events, CORS, the JWT authorizer and the page's
 * files. Uses {@link cruddur.local.lambda} and {@link cruddur.local.template}.
 */
@NullMarked
package cruddur.local.gateway;

import org.jspecify.annotations.NullMarked;
