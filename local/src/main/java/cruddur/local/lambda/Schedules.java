package cruddur.local.lambda;

import cruddur.local.template.Json;
import cruddur.local.template.LocalAccount;
import cruddur.local.template.Schedule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The part of EventBridge that calls functions on a schedule. A rule's first call is one interval
 * after the start, and each next call one interval after the end of the last. So the calls of a
 * rule never overlap, at any speed.
 */
public final class Schedules implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Schedules.class.getName());

  private final Functions functions;
  private final ScheduledExecutorService clock;

  /**
   * Starts the schedules of all functions.
   *
   * @param hasEc2 whether there is an EC2 API; without it, the functions that need one are not
   *     called
   * @param speed divides the intervals
   */
  public Schedules(Functions functions, boolean hasEc2, int speed) {
    var schedules =
        functions.definitions().stream()
            .filter(function -> hasEc2 || !function.needsEc2())
            .flatMap(function -> function.schedules().stream())
            .toList();
    this.functions = functions;
    this.clock =
        Executors.newScheduledThreadPool(
            schedules.size(), Thread.ofPlatform().daemon().name("schedule-", 0).factory());
    for (var schedule : schedules) {
      var interval = schedule.interval().dividedBy(speed).toNanos();
      var _ =
          clock.scheduleWithFixedDelay(
              () -> call(schedule), interval, interval, TimeUnit.NANOSECONDS);
    }
  }

  /** Calls the function. Its failure is in its log. */
  private void call(Schedule schedule) {
    try {
      var _ = functions.invoke(schedule.function(), event(schedule, Instant.now()));
    } catch (RuntimeException failure) {
      // The executor would drop a task that fails.
      LOG.log(Level.ERROR, schedule.function() + " could not be called by " + schedule, failure);
    }
  }

  /**
   * The event of a rule ("EventBridge events detail reference" in the Amazon EventBridge User
   * Guide).
   */
  public static byte[] event(Schedule schedule, Instant time) {
    var event =
        Json.object()
            .put("version", "0")
            .put("id", UUID.randomUUID().toString())
            .put("detail-type", "Scheduled Event")
            .put("source", "aws.events")
            .put("account", LocalAccount.ACCOUNT)
            .put("time", time.truncatedTo(ChronoUnit.SECONDS).toString())
            .put("region", LocalAccount.REGION);
    event.putArray("resources").add(schedule.ruleArn());
    event.putObject("detail");
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Starts no further call. A running call goes on until it returns or {@link Functions} is closed.
   */
  @Override
  public void close() {
    clock.shutdown();
  }
}
