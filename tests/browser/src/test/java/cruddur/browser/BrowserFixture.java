package cruddur.browser;

import cruddur.testbed.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives all tests one emulator and an empty tab of one browser. Both stop after the last test.
 * Without Chromium or the page's library, the tests are skipped, and fail in continuous
 * integration.
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
    if (Machine.mustHaveAll()) {
      throw new IllegalStateException("there is no " + lacking);
    }
    return ConditionEvaluationResult.disabled("skipped, since there is no " + lacking);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return Set.of(EmulatorFixture.class, Browser.class)
        .contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var all = context.getRoot().getStore(Namespace.create(BrowserFixture.class));
    return parameter.getParameter().getType().equals(Browser.class)
        ? all.getOrComputeIfAbsent(Browser.class, _ -> Browser.start(), Browser.class).inNewTab()
        : all.getOrComputeIfAbsent(EmulatorFixture.class, _ -> start(), EmulatorFixture.class);
  }

  private static EmulatorFixture start() {
    try {
      return EmulatorFixture.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
