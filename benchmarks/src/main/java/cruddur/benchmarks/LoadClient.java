package cruddur.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** So many connections, each of which sends a request as soon as the last one is answered. */
final class LoadClient implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpRequest request;
  private final int connections;

  /** Opens nothing yet. */
  LoadClient(HttpRequest request, int connections) {
    this.request = request;
    this.connections = connections;
  }

  /**
   * What came of a time of load.
   *
   * @param perSecond activities created, or pages read
   * @param milliseconds from sending a request to the end of its answer
   * @param failures answers without an activity, which count nowhere else
   */
  record Result(double perSecond, Series milliseconds, int failures) {}

  /**
   * Sends for a while.
   *
   * @throws IOException if there is no answer, or if all of them failed
   */
  Result run(Duration duration) throws IOException {
    var begin = System.nanoTime();
    var end = begin + duration.toNanos();
    var answers = new ArrayList<Answer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var senders = new ArrayList<Callable<List<Answer>>>();
      for (var connection = 0; connection < connections; connection++) {
        senders.add(() -> send(end));
      }
      for (var sender : threads.invokeAll(senders)) {
        answers.addAll(sender.get());
      }
    } catch (InterruptedException | ExecutionException failure) {
      throw new IOException(failure);
    }
    var seconds = (System.nanoTime() - begin) / 1e9;
    var good = answers.stream().filter(Answer::good).map(Answer::milliseconds).toList();
    if (good.isEmpty()) {
      throw new IOException("no request succeeded: " + request.uri());
    }
    return new Result(
        good.size() / seconds, new Series("requests", good), answers.size() - good.size());
  }

  private record Answer(double milliseconds, boolean good) {}

  private List<Answer> send(long end) throws IOException, InterruptedException {
    var answers = new ArrayList<Answer>();
    do {
      var begin = System.nanoTime();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      var milliseconds = (System.nanoTime() - begin) / 1e6;
      answers.add(
          new Answer(milliseconds, answer.statusCode() == 200 && answer.body().contains("uuid")));
    } while (System.nanoTime() < end);
    return answers;
  }

  @Override
  public void close() {
    client.close();
  }
}
