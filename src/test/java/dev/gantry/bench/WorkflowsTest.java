package dev.gantry.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.workflows.WorkflowParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An execution that did not do what it had to must not become a figure. */
class WorkflowsTest {
  private static String step(int from, int to) {
    return """
        {"name":"s","status":"completed","attempt":1,"exit_code":0,"log_lines":0,
         "started_at":"2026-01-01T10:00:00.00%dZ","completed_at":"2026-01-01T10:00:00.00%dZ"}"""
        .formatted(from, to);
  }

  private static String execution(String... steps) {
    return Stream.of(steps)
        .collect(Collectors.joining(",", "{\"status\":\"completed\",\"steps\":[", "]}"));
  }

  private static void requireChain(String execution, int count) throws IOException {
    Workflows.requireChain(execution.getBytes(StandardCharsets.UTF_8), count);
  }

  @Test
  void acceptsAChainInItsOrder() {
    String execution = execution(step(1, 2), step(2, 3));

    assertThatCode(() -> requireChain(execution, 2)).doesNotThrowAnyException();
  }

  @Test
  void refusesAChainThatRanAtOnce() {
    String execution = execution(step(1, 3), step(2, 4));

    assertThatThrownBy(() -> requireChain(execution, 2))
        .isInstanceOf(WrongResultException.class)
        .hasMessageContaining("began before");
  }

  @Test
  void refusesAJoinThatDidNotWait() {
    byte[] execution =
        execution(step(1, 2), step(1, 5), step(3, 6)).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> Workflows.requireFanOut(execution, 2))
        .isInstanceOf(WrongResultException.class);
  }

  @Test
  void refusesAnotherNumberOfSteps() {
    assertThatThrownBy(() -> requireChain(execution(step(1, 2)), 2))
        .isInstanceOf(WrongResultException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "failed"})
  void refusesAnExecutionThatIsNotCompleted(String status) {
    String execution = execution(step(1, 2)).replaceFirst("completed", status);

    assertThatThrownBy(() -> requireChain(execution, 1)).isInstanceOf(WrongResultException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"attempt\":2",
        "\"exit_code\":1",
        "\"log_lines\":1",
        "\"status\":\"skipped\"",
        "\"output\":\"x\""
      })
  void refusesAStepThatIsNotAsItHasToBe(String field) {
    String name = field.substring(0, field.indexOf(':') + 1);
    String rest = step(1, 2).replaceAll(name + "[^,]*,", "");
    String execution = execution(rest.replace("{", "{" + field + ","));

    assertThatThrownBy(() -> requireChain(execution, 1))
        .isInstanceOf(WrongResultException.class)
        .hasMessageContaining("as it has to be");
  }

  @Test
  void areValidDefinitions() {
    Stream.of(Workflows.chain(40), Workflows.fanOut(200))
        .forEach(
            body ->
                assertThatCode(() -> WorkflowParser.parse(body.path("definition")))
                    .doesNotThrowAnyException());
  }
}
