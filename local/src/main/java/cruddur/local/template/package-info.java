/**
 * The SAM template: functions, routes, schedules, and the names that stand in for AWS's. Uses no
 * other package of {@code cruddur.local}.
 */
@NullMarked
package cruddur.local.template;

import org.jspecify.annotations.NullMarked;
