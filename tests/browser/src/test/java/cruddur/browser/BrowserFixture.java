package cruddur.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives all tests one emulator, which stops after the last test. Without Chromium or the page's
 * library, the tests are skipped, and fail in continuous integration.
 */
final class BrowserFixture implements ExecutionCondition, ParameterResolver {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var lacking =
        Stream.of(
                Browser.CHROMIUM,
                Browser.DRIVER,
                EmulatorFixture.ROOT.resolve("web/oauth4webapi.js"))
            .filter(file -> !Files.exists(file))
            .map(Path::toString)
            .toList();
    if (lacking.isEmpty()) {
      return ConditionEvaluationResult.enabled("everything is there");
    }
    if ("true".equals(System.getenv("CI"))) {
      throw new IllegalStateException("there is no " + lacking);
    }
    return ConditionEvaluationResult.disabled("skipped, since there is no " + lacking);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(EmulatorFixture.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(BrowserFixture.class))
        .getOrComputeIfAbsent(EmulatorFixture.class, _ -> start(), EmulatorFixture.class);
  }

  private static EmulatorFixture start() {
    try {
      return EmulatorFixture.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
