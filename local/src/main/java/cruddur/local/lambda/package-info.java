/**
 * AWS Lambda on one machine: execution environments, the Runtime API, the Invoke API, schedules,
 * and the HTTP server of all APIs. Uses {@link cruddur.local.template}.
 */
@NullMarked
package cruddur.local.lambda;

import org.jspecify.annotations.NullMarked;
