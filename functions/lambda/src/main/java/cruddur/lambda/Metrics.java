package cruddur.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes metrics as lines of the log in the embedded metric format (Amazon CloudWatch User Guide,
 * "Specification: Embedded metric format") in the namespace {@code Cruddur}, each with the
 * function's name. The lines go to standard output, since Lambda's own logger would wrap them.
 * Priming calls write none.
 */
public final class Metrics {
  private static final String COUNT = "Count";

  /** True until the first call of the process. Tests make it true again. */
  static final AtomicBoolean COLD = new AtomicBoolean(true);

  private Metrics() {}

  /**
   * Counts the first call of an execution environment, and no later one. {@code SnapStartTest} of
   * the benchmarks tests that handlers call this, in a process of their own.
   */
  public static void countColdStart(Context context) {
    if (!(context instanceof PrimingContext) && COLD.getAndSet(false)) {
      count(context, "ColdStart");
    }
  }

  /** Counts one, by function. */
  public static void count(Context context, String metric) {
    measure(context, metric, COUNT, 1);
  }

  /**
   * Counts one, by function and another dimension.
   *
   * @param value from a short list in this project, since each value makes another metric
   */
  public static void count(Context context, String metric, String dimension, String value) {
    print(context, metric, COUNT, 1, dimension, value);
  }

  /**
   * Writes a value, by function.
   *
   * @param unit one of CloudWatch's, such as {@code Seconds} ("MetricDatum" in its API reference)
   */
  public static void measure(Context context, String metric, String unit, long figure) {
    print(context, metric, unit, figure, "", "");
  }

  private static void print(
      Context context, String metric, String unit, long figure, String dimension, String value) {
    var name = context.getFunctionName();
    var line = line(name, metric, unit, figure, dimension, value, Instant.now());
    if (!(context instanceof PrimingContext)) {
      // One write, without the encoder of println.
      System.out.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  static String line(
      String function,
      String metric,
      String unit,
      long figure,
      String dimension,
      String value,
      Instant instant) {
    var more = !dimension.isEmpty();
    // Concatenated: no name here needs escaping. Lambda allows letters, digits, - and _.
    return "{\"timestamp\":\""
        + instant
        // Lambda requires level and timestamp in a line of JSON.
        + "\",\"level\":\"INFO\",\"_aws\":{\"Timestamp\":"
        + instant.toEpochMilli()
        + ",\"CloudWatchMetrics\":[{\"Namespace\":\"Cruddur\",\"Dimensions\":[[\"function\""
        + (more ? ",\"" + dimension + "\"" : "")
        + "]],\"Metrics\":[{\"Name\":\""
        + metric
        + "\",\"Unit\":\""
        + unit
        + "\"}]}]},\"function\":\""
        + function
        + (more ? "\",\"" + dimension + "\":\"" + value : "")
        + "\",\""
        + metric
        + "\":"
        + figure
        + "}";
  }
}
