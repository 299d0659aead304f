package cruddur.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Measures the time from the start of a process, or from its restore, to its first answer. The
 * process has the share of a core that Lambda gives its memory size. It signs in to the database by
 * a password, over TLS that verifies the host.
 */
final class ColdStart implements Benchmark {
  private static final String EMPTY = "empty handler, cold, at full speed";
  private static final String CREATE = "CreateActivityFunction";
  private static final String FEED = "HomeActivitiesFunction";
  private static final String CONFIRM = "PostConfirmationFunction";
  private static final String CREATE_SAMPLE = "create-activity.json";
  private static final String RESTORED = "create, restored";
  private static final String UNPRIMED = "create, unprimed";
  private static final int DEPLOYED_MEBIBYTES = 512;

  private static final int LATER_CALLS = 100;

  private static final Duration PACE = Duration.ofMillis(20);

  private final Bundle bundle;
  private final int memoryMebibytes;
  private final int laterCalls;

  /**
   * Makes the benchmark.
   *
   * @param memoryMebibytes the memory size whose share of a core each process gets, MiB
   */
  ColdStart(Bundle bundle, int memoryMebibytes) {
    this(bundle, memoryMebibytes, LATER_CALLS);
  }

  /**
   * Makes the benchmark.
   *
   * @param laterCalls calls of a restored create after the first; their median is what one takes
   */
  ColdStart(Bundle bundle, int memoryMebibytes, int laterCalls) {
    this.bundle = bundle;
    this.memoryMebibytes = memoryMebibytes;
    this.laterCalls = laterCalls;
  }

  /**
   * What takes part: each run starts a new process of it.
   *
   * @param memoryMebibytes the memory size whose share the process gets, from its restore or its
   *     first call on; 0 for no limit
   */
  private record Contender(
      String name,
      FunctionProcess.Starter starter,
      String sample,
      String expected,
      int memoryMebibytes) {
    boolean isRestored() {
      return name.contains("restored");
    }

    /** Whether it is one of the restored creates, of which there is one for each memory size. */
    boolean isSized() {
      return name.startsWith(RESTORED);
    }

    boolean signsUp() {
      return name.startsWith("confirm");
    }
  }

  /**
   * The measurements of one start, in milliseconds and MiB.
   *
   * @param firstCall from sending the event to receiving the answer, without the start
   * @param touched memory touched since the restore, or since the start where there was none
   */
  private record Start(
      double initialization,
      double firstAnswer,
      double firstCall,
      double laterCall,
      double processor,
      double memory,
      double touched) {}

  @Override
  public Findings run(int runs) throws IOException {
    var contenders = contenders();
    var starts = new LinkedHashMap<String, List<Start>>();
    contenders.forEach(contender -> starts.put(contender.name(), new ArrayList<>()));
    var progress = new Progress("cold", (runs + 1) * contenders.size());
    // The first round only fills the page cache.
    for (var run = 0; run <= runs; run++) {
      // Another one is the first in each run, so that none always follows the same neighbour.
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
    var contenders = new ArrayList<Contender>();
    contenders.add(new Contender(EMPTY, bundle.empty(), CREATE_SAMPLE, "", 0));
    for (var size : sizes()) {
      contenders.add(create(restored(size), bundle.snapStart(CREATE), size));
    }
    contenders.add(feed("feed, restored", bundle.snapStart(FEED)));
    contenders.add(confirm("confirm, restored", bundle.snapStart(CONFIRM), memoryMebibytes));
    contenders.add(create(UNPRIMED, bundle.onDemand(CREATE), memoryMebibytes));
    contenders.add(feed("feed, unprimed", bundle.onDemand(FEED)));
    var own = bundle.memoryMebibytes(CONFIRM);
    contenders.add(
        confirm("confirm, unprimed, %,d MiB".formatted(own), bundle.onDemand(CONFIRM), own));
    for (var peer : Peer.all(bundle.root())) {
      contenders.add(create(peer.name(), peer.on(bundle), memoryMebibytes));
    }
    return contenders;
  }

  /** The sizes of a restored create, the asked one first. */
  private List<Integer> sizes() {
    var sizes = new ArrayList<>(List.of(memoryMebibytes));
    Options.MEMORY_SIZES.stream().filter(size -> size != memoryMebibytes).forEach(sizes::add);
    return sizes;
  }

  private String restored(int size) {
    return size == memoryMebibytes ? RESTORED : "%s, %,d MiB".formatted(RESTORED, size);
  }

  private static Contender create(String name, FunctionProcess.Starter starter, int memory) {
    return new Contender(name, starter, CREATE_SAMPLE, FunctionProcess.OK, memory);
  }

  private Contender feed(String name, FunctionProcess.Starter starter) {
    return new Contender(
        name, starter, "home-activities.json", FunctionProcess.OK, memoryMebibytes);
  }

  private static Contender confirm(String name, FunctionProcess.Starter starter, int memory) {
    return new Contender(name, starter, "post-confirmation.json", "\"userAttributes\"", memory);
  }

  private Start start(Contender contender) throws IOException {
    if (contender.isRestored() || contender.signsUp()) {
      bundle.hideAuthor();
    }
    try (var share = ProcessorShare.create();
        var process = new FunctionProcess(contender.starter(), share)) {
      var start = start(contender, process, share);
      if (contender.signsUp()) {
        bundle.removeNewcomer();
      }
      return start;
    } finally {
      bundle.showAuthor();
    }
  }

  private Start start(Contender contender, FunctionProcess process, ProcessorShare share)
      throws IOException {
    var initialization = process.age();
    var restored = contender.isRestored();
    if (restored && !contender.signsUp()) {
      bundle.showAuthor();
    }
    var event = bundle.event(contender.sample());
    if (contender.memoryMebibytes() > 0) {
      share.limit(contender.memoryMebibytes());
    }
    var used = Duration.ZERO;
    var begin = Duration.ZERO;
    if (restored) {
      process.memory().forget();
      used = share.used();
      begin = process.age();
      process.restore();
    }
    // The benchmark's own time between the start and the call does not count.
    var idle = restored ? Duration.ZERO : process.age().minus(initialization);
    var call = process.call(event, contender.expected());
    used = share.used().minus(used);
    var touched = process.memory().touched();
    var answered = process.answered().minus(begin).minus(idle);
    var later = contender.isSized() ? laterCalls(contender, process) : List.of(0.0);
    return new Start(
        milliseconds(initialization),
        milliseconds(answered),
        milliseconds(call),
        new Series("", later).median(),
        milliseconds(used),
        process.memory().peak(),
        touched);
  }

  private List<Double> laterCalls(Contender contender, FunctionProcess process) throws IOException {
    // Of other authors, since one has a limit.
    var events = bundle.creates();
    var durations = new ArrayList<Double>();
    var pace = new Pace(PACE);
    for (var call = 0; call < laterCalls; call++) {
      pace.await();
      durations.add(milliseconds(process.call(events.get(call), contender.expected())));
    }
    return durations;
  }

  private static double milliseconds(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private Findings findings(Map<String, List<Start>> starts) throws IOException {
    var answers = chart("cold-answer", "To the first answer", "ms", starts, Start::firstAnswer);
    var calls = chart("cold-call", "The first call alone", "ms", starts, Start::firstCall);
    var memory = chart("cold-memory", "Peak memory", "MiB", starts, Start::memory);
    var charts =
        List.of(
            answers,
            calls,
            chart("cold-processor", "Processor time", "ms", starts, Start::processor),
            chart(
                "cold-initialization",
                "Initialization, under SnapStart up to the checkpoint",
                "ms",
                starts,
                Start::initialization),
            chart("cold-touched", "Memory touched", "MiB", starts, Start::touched),
            memory);
    var sized = new LinkedHashMap<>(starts);
    sized.keySet().removeIf(name -> !name.startsWith(RESTORED));
    var later = chart("cold-later", "A later call", "ms", sized, Start::laterCall);
    var sizes = sizes().stream().sorted().map(size -> size(size, answers, later)).toList();
    return new Findings(
        "cold",
        summary(answers),
        charts,
        List.of(MemorySize.table(sizes)),
        limits(answers, memory),
        notes());
  }

  private MemorySize size(int mebibytes, Chart answers, Chart later) {
    var name = restored(mebibytes);
    return new MemorySize(mebibytes, answers.of(name).median(), later.of(name).median());
  }

  private List<String> summary(Chart answers) {
    var restored = answers.of(RESTORED).median();
    var text = new StringBuilder();
    text.append(
        "- **First call of a restored copy**, %s MiB: %s ms, %s of a cold start of an empty Java handler"
            .formatted(
                Tables.number(memoryMebibytes),
                Tables.number(restored),
                times(restored / answers.of(EMPTY).median())));
    answers.series().stream()
        .filter(series -> series.name().contains(" + "))
        .forEach(
            peer ->
                text.append(", %s of %s".formatted(times(restored / peer.median()), peer.name())));
    return List.of(
        text + ".",
        "- **Without a snapshot**, %s MiB: %s ms to the first create, within its time limit."
            .formatted(
                Tables.number(memoryMebibytes), Tables.number(answers.of(UNPRIMED).median())));
  }

  private static String times(double ratio) {
    return Tables.number(ratio) + " ×";
  }

  private List<Limit> limits(Chart answers, Chart memory) throws IOException {
    var limits = new ArrayList<Limit>();
    var empty = answers.of(EMPTY).median();
    if (memoryMebibytes == DEPLOYED_MEBIBYTES) {
      for (var name : List.of(RESTORED, "feed, restored", "confirm, restored")) {
        limits.add(ratio(name + " / empty handler", answers.of(name).median() / empty, 0.43));
        answers.series().stream()
            .filter(series -> series.name().startsWith("Python"))
            .forEach(
                peer ->
                    limits.add(
                        ratio(
                            name + " / " + peer.name(),
                            answers.of(name).median() / peer.median(),
                            1)));
      }
    }
    var whole = restored(ProcessorShare.CORE_MEBIBYTES);
    limits.add(ratio(whole + " / empty handler", answers.of(whole).median() / empty, 0.22));
    // Of create, feed and confirm, which a person waits for.
    var largest =
        memory.series().stream()
            .filter(series -> !series.name().contains(" + "))
            .max(Comparator.comparingDouble(Series::median))
            .orElseThrow();
    limits.add(new Limit("largest peak memory: " + largest.name(), largest.median(), 75, "MiB"));
    for (var function : List.of(CREATE, CONFIRM)) {
      limits.add(
          new Limit("jar of " + function, bundle.jarBytes(function) / 1024.0 / 1024.0, 2, "MiB"));
    }
    return limits;
  }

  private static Limit ratio(String claim, double measured, double most) {
    return new Limit(claim, measured, most, "");
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
            "Every process but the empty handler's has the share of a core that Lambda gives its"
                + " memory: %.2f of a core at %,d MiB, in periods of 20 ms. It has it from the"
                + " restore, or from the first call, on; until then it has the whole machine, as"
                + " Lambda speeds an initialization up.",
            ProcessorShare.of(memoryMebibytes), memoryMebibytes),
        "The first answer: from the start of the process to the answer's arrival at the Runtime"
            + " API, over TLS that verifies the host, the password sent within it as a token of IAM"
            + " is. What signing such a token takes is not in it.",
        "\"restored\": initialized as SnapStart does it, up to the checkpoint; then the wait for"
            + " /restore/next ends, and the clock starts. What Lambda takes to load the snapshot's"
            + " memory is not in it; the memory touched says how much that is at least. Until then"
            + " nobody knew the sample's user, as in AWS; a confirmation always writes a row.",
        "\"unprimed\": a first call of $LATEST, which has no snapshot.",
        "Python and Node speak to the Runtime API themselves, in benchmarks/peers/; AWS's clients"
            + " for them would add their own time. Python's first call alone is libpq's own connect"
            + " and insert over TLS, at the same share: no driver can be much faster.");
  }
}
