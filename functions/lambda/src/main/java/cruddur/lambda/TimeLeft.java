package cruddur.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;

/** The time until Lambda ends a call. */
public final class TimeLeft {
  private TimeLeft() {}

  /** The time that is left of a call. */
  public static Duration of(Context context) {
    return Duration.ofMillis(context.getRemainingTimeInMillis());
  }

  /** The time that is left of a call, or a limit if that is shorter. */
  public static Duration atMost(Duration limit, Context context) {
    return Duration.ofMillis(Math.min(limit.toMillis(), context.getRemainingTimeInMillis()));
  }
}
