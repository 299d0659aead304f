/**
 * Runs what {@code template.yaml} describes on one machine: its functions under AWS's own runtime
 * client, its HTTP API, its user pool and its database. Never shipped.
 *
 * <p>Arrows between the packages point one way: this one starts {@link cruddur.local.gateway} and
 * {@link cruddur.local.cognito}, which use {@link cruddur.local.lambda}, which uses {@link
 * cruddur.local.template}.
 */
@NullMarked
package cruddur.local;

import org.jspecify.annotations.NullMarked;
