package cruddur.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** What is asked of {@code bin/local}, by its HTTP API and by its Invoke API. */
record LocalRequests(
    HttpRequest create, HttpRequest feed, HttpRequest invokeCreate, HttpRequest invokeFeed) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SAMPLES_SUB = "7c1f5b0e-4d0b-4f6c-9a35-0f5a6b1c2d3e";

  /** Signs a user in, whose requests they are. */
  static LocalRequests of(LocalProcess local, Path root) throws IOException {
    var token = signIn(local);
    var create = sample(root, "create-activity.json").replace(SAMPLES_SUB, sub(token));
    var feed =
        sample(root, "home-activities.json").replace("\"limit\": \"5\"", "\"limit\": \"20\"");
    var body = JSON.readTree(create).path("body").asText();
    return new LocalRequests(
        HttpRequest.newBuilder(local.http("/api/activities"))
            .header("authorization", "Bearer " + token)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        HttpRequest.newBuilder(local.http("/api/activities/home?limit=20")).build(),
        HttpRequest.newBuilder(local.invoke("CreateActivityFunction"))
            .POST(BodyPublishers.ofString(create))
            .build(),
        HttpRequest.newBuilder(local.invoke("HomeActivitiesFunction"))
            .POST(BodyPublishers.ofString(feed))
            .build());
  }

  private static String sample(Path root, String file) throws IOException {
    return Files.readString(root.resolve("events").resolve(file));
  }

  private static String signIn(LocalProcess local) throws IOException {
    var form =
        "grant_type=password&client_id=local&password=-&username=sinclair&scope=openid+email+profile";
    var request =
        HttpRequest.newBuilder(local.token())
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(request, BodyHandlers.ofString());
      return JSON.readTree(answer.body()).path("access_token").asText();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  private static String sub(String token) throws IOException {
    var claims = Base64.getUrlDecoder().decode(token.replaceAll("^[^.]*\\.|\\.[^.]*$", ""));
    return JSON.readTree(new String(claims, StandardCharsets.UTF_8)).path("sub").asText();
  }
}
