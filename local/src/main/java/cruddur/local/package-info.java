/**
 * Runs what {@code template.yaml} describes on one machine: its functions under AWS's own runtime
 * client, its HTTP API, its user pool and its database. Never shipped.
 */
@NullMarked
package cruddur.local;

import org.jspecify.annotations.NullMarked;
