package cruddur.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The time from the start of a process, or from its restore, to its first response. The process has
 * the share of a core that Lambda gives its memory size. It signs in to the database by a password,
 * over TLS that verifies the host.
 */
final class ColdStart {
  private static final String EMPTY = "empty handler, cold, at full speed";
  private static final String CREATE = "CreateActivityFunction";
  private static final String FEED = "HomeActivitiesFunction";
  private static final String CONFIRM = "PostConfirmationFunction";
  private static final String RESTORED = "create, restored";
  private static final String UNPRIMED = "create, unprimed";
  private static final int DEPLOYED_MEBIBYTES = 512;

  /** Later calls of each restored create. */
  static final int LATER_CALLS = 100;

  private static final Duration PACE = Duration.ofMillis(20);

  private final Bundle bundle;
  private final List<Peer> peers;
  private final int memoryMebibytes;
  private final int laterCalls;

  /**
   * Makes the benchmark.
   *
   * @param memoryMebibytes the memory size whose share of a core each process gets, MiB
   * @param laterCalls calls of a restored create after the first
   */
  ColdStart(Bundle bundle, int memoryMebibytes, int laterCalls) {
    this.bundle = bundle;
    this.peers = Peer.installed(bundle.root());
    this.memoryMebibytes = memoryMebibytes;
    this.laterCalls = laterCalls;
  }

  /** What a process is called for: the sample, and a part of the expected response. */
  private enum Work {
    NOTHING("create-activity.json", ""),
    CREATE("create-activity.json", FunctionProcess.OK),
    FEED("home-activities.json", FunctionProcess.OK),
    CONFIRM("post-confirmation.json", "\"userAttributes\"");

    private final String sample;
    private final String expected;

    Work(String sample, String expected) {
      this.sample = sample;
      this.expected = expected;
    }
  }

  /**
   * One kind of start. Each run starts a new process of it.
   *
   * @param memoryMebibytes the process has this memory's share of a core, from its restore or its
   *     first call on; 0 for no limit
   */
  private record Contender(
      String name,
      Work work,
      FunctionProcess.Starter starter,
      boolean isRestored,
      int memoryMebibytes) {
    /** Whether it is a restored create; there is one for each memory size. */
    boolean isRestoredCreate() {
      return isRestored && work == Work.CREATE;
    }

    boolean signsUp() {
      return work == Work.CONFIRM;
    }
  }

  /**
   * The measurements of one start, in milliseconds and MiB.
   *
   * @param firstCall from sending the event to receiving the response, without the start
   * @param laterCall the median of the later calls, or 0 without any
   * @param touched memory touched since the restore, or since the start without a restore
   */
  private record Start(
      double initialization,
      double firstResponse,
      double firstCall,
      double laterCall,
      double processor,
      double peak,
      double touched) {}

  /** Runs each contender a number of times. */
  Findings run(int runs) throws IOException, SQLException {
    var contenders = contenders();
    var starts = new LinkedHashMap<String, List<Start>>();
    contenders.forEach(contender -> starts.put(contender.name(), new ArrayList<>()));
    var progress = new Progress("cold", (runs + 1) * contenders.size());
    // The first of several rounds only fills the page cache.
    for (var run = runs > 1 ? 0 : 1; run <= runs; run++) {
      // Each run begins with another contender, so that the order favours none.
      Collections.rotate(contenders, 1);
      for (var contender : contenders) {
        var start = start(contender);
        if (run > 0) {
          starts.getOrDefault(contender.name(), List.of()).add(start);
        }
        progress.step(contender.name());
      }
    }
    return findings(starts);
  }

  private List<Contender> contenders() {
    var memory = memoryMebibytes;
    var own = bundle.memoryMebibytes(CONFIRM);
    var contenders = new ArrayList<Contender>();
    contenders.add(new Contender(EMPTY, Work.NOTHING, bundle.emptyOnDemand(), false, 0));
    for (var size : sizes()) {
      contenders.add(
          new Contender(restored(size), Work.CREATE, bundle.snapStart(CREATE), true, size));
    }
    contenders.addAll(
        List.of(
            new Contender("feed, restored", Work.FEED, bundle.snapStart(FEED), true, memory),
            new Contender(
                "confirm, restored", Work.CONFIRM, bundle.snapStart(CONFIRM), true, memory),
            new Contender(UNPRIMED, Work.CREATE, bundle.onDemand(CREATE), false, memory),
            new Contender("feed, unprimed", Work.FEED, bundle.onDemand(FEED), false, memory),
            new Contender(
                "confirm, unprimed, %,d MiB".formatted(own),
                Work.CONFIRM,
                bundle.onDemand(CONFIRM),
                false,
                own)));
    for (var peer : peers) {
      contenders.add(new Contender(peer.name(), Work.CREATE, peer.starter(bundle), false, memory));
    }
    return contenders;
  }

  /** The sizes of a restored create, beginning with that of the command line. */
  private List<Integer> sizes() {
    var sizes = new ArrayList<>(List.of(memoryMebibytes));
    Options.MEMORY_SIZES.stream().filter(size -> size != memoryMebibytes).forEach(sizes::add);
    return sizes;
  }

  private String restored(int size) {
    return size == memoryMebibytes ? RESTORED : "%s, %,d MiB".formatted(RESTORED, size);
  }

  private Start start(Contender contender) throws IOException, SQLException {
    if (contender.isRestored() || contender.signsUp()) {
      bundle.hideAuthor();
    }
    try (var share = ProcessorShare.create();
        var process = new FunctionProcess(contender.starter(), share)) {
      var start = start(contender, process, share);
      if (contender.signsUp()) {
        bundle.checkSignUp();
      }
      return start;
    } finally {
      bundle.showAuthor();
    }
  }

  private Start start(Contender contender, FunctionProcess process, ProcessorShare share)
      throws IOException, SQLException {
    var initialization = process.age();
    if (!contender.signsUp()) {
      bundle.showAuthor();
    }
    var event = bundle.event(contender.work().sample);
    if (contender.memoryMebibytes() > 0) {
      share.limit(contender.memoryMebibytes());
    }
    var used = Duration.ZERO;
    // A restored copy begins with its restore. Otherwise the benchmark's own time since the
    // initialization is left out.
    var begin = process.age().minus(initialization);
    if (contender.isRestored()) {
      process.clearTouched();
      used = share.used();
      begin = process.age();
      process.restore();
    }
    var call = process.call(event, contender.work().expected);
    used = share.used().minus(used);
    var touched = process.touchedMebibytes();
    var response = process.responded().minus(begin);
    var later =
        contender.isRestoredCreate()
            // One author could not post so often.
            ? process.caller(bundle.creates(), FunctionProcess.OK).run(laterCalls, PACE)
            : List.of(0.0);
    return new Start(
        milliseconds(initialization),
        milliseconds(response),
        milliseconds(call),
        Series.median(later),
        milliseconds(used),
        process.peakMebibytes(),
        touched);
  }

  private static double milliseconds(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private Findings findings(Map<String, List<Start>> starts) throws IOException {
    var responses =
        chart("cold-response", "To the first response", "ms", starts, Start::firstResponse);
    var peaks = chart("cold-peak", "Peak memory", "MiB", starts, Start::peak);
    var charts =
        List.of(
            responses,
            chart("cold-call", "The first call alone", "ms", starts, Start::firstCall),
            chart("cold-processor", "Processor time", "ms", starts, Start::processor),
            chart(
                "cold-initialization",
                "Initialization, under SnapStart up to the checkpoint",
                "ms",
                starts,
                Start::initialization),
            chart("cold-touched", "Memory touched", "MiB", starts, Start::touched),
            peaks);
    var later = chart("cold-later", "A later call", "ms", starts, Start::laterCall);
    var sizes = sizes().stream().sorted().map(size -> size(size, responses, later)).toList();
    return new Findings(
        "cold",
        summary(responses),
        charts,
        List.of(MemorySize.table(sizes)),
        limits(responses, peaks),
        notes());
  }

  private MemorySize size(int mebibytes, Chart responses, Chart later) {
    var name = restored(mebibytes);
    return new MemorySize(mebibytes, responses.of(name).median(), later.of(name).median());
  }

  private List<String> summary(Chart responses) {
    var restored = responses.of(RESTORED);
    var text = new StringBuilder();
    text.append(
        "- **To the first response of a restored copy**, %s MiB: %s ms. That is %s × a cold start of an empty Java handler"
            .formatted(
                Tables.number(memoryMebibytes),
                Tables.number(restored.median()),
                Tables.number(responses.ratio(restored))));
    for (var peer : peers(responses)) {
      text.append(
          " and %s × %s".formatted(Tables.number(restored.median() / peer.median()), peer.name()));
    }
    return List.of(
        text + ".",
        "- **To the first response without a snapshot**, %s MiB: %s ms for a create."
            .formatted(
                Tables.number(memoryMebibytes), Tables.number(responses.of(UNPRIMED).median())));
  }

  private List<Limit> limits(Chart responses, Chart peaks) throws IOException {
    var limits = new ArrayList<Limit>();
    if (memoryMebibytes == DEPLOYED_MEBIBYTES) {
      for (var name : List.of(RESTORED, "feed, restored", "confirm, restored")) {
        var series = responses.of(name);
        limits.add(Limit.ratio(name + " / empty handler", responses.ratio(series), 0.43));
        peers(responses).stream()
            .filter(peer -> peer.name().startsWith("Python"))
            .forEach(
                peer ->
                    limits.add(
                        Limit.ratio(
                            name + " / " + peer.name(), series.median() / peer.median(), 1)));
      }
    }
    var whole = restored(ProcessorShare.CORE_MEBIBYTES);
    limits.add(Limit.ratio(whole + " / empty handler", responses.ratio(responses.of(whole)), 0.22));
    var largest =
        peaks.series().stream()
            .filter(series -> !peers(peaks).contains(series))
            .max(Comparator.comparingDouble(Series::median))
            .orElseThrow();
    limits.add(new Limit("largest peak memory: " + largest.name(), largest.median(), 75, "MiB"));
    for (var function : List.of(CREATE, CONFIRM)) {
      limits.add(
          new Limit("jar of " + function, bundle.jarBytes(function) / 1024.0 / 1024.0, 2, "MiB"));
    }
    return limits;
  }

  /** The series of the peers, which are installed on some machines only. */
  private List<Series> peers(Chart chart) {
    return peers.stream().map(peer -> chart.of(peer.name())).toList();
  }

  private static Chart chart(
      String id,
      String title,
      String unit,
      Map<String, List<Start>> starts,
      Function<Start, Double> quantity) {
    return Chart.of(id, title, unit, starts, its -> its.stream().map(quantity).toList());
  }

  private List<String> notes() {
    return List.of(
        String.format(
            "The share of a core at %1$,d MiB is %2$.2f. Every process but the empty handler has"
                + " the share of the size in its row, in periods of 20 ms. A row without a size has"
                + " %1$,d MiB, also the restored confirm, which the template gives 1,024. A process"
                + " has only this share from its restore on, or from its first call on. Before"
                + " that, it has the whole machine, as Lambda speeds up an initialization.",
            memoryMebibytes, ProcessorShare.of(memoryMebibytes)),
        "The time to the first response begins with the start of the process, or with its restore."
            + " It ends when the Runtime API has the response. The connection uses TLS that"
            + " verifies the host. The password is sent inside TLS, as an IAM token is. The signing"
            + " of a token is not included.",
        "A restored copy waits at its checkpoint. The measured time begins when /restore/next"
            + " responds. The time that Lambda needs to load the snapshot's memory is not included."
            + " During priming, the sample's user has no row, as in AWS. A confirm always writes a"
            + " row.",
        String.format(
            "A later call in the table of memory sizes is one of the next %d after the first"
                + " call, %d ms apart. The JVM has compiled less code than after the %,d warm-up"
                + " calls of `warm`. So it is slower than a later call there.",
            laterCalls, PACE.toMillis(), WarmPath.WARM_UP),
        "Python and Node use the Runtime API without AWS's clients, which would need more time."
            + " Python's first call is little more than libpq's own connect and insert over TLS.");
  }
}
