package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.ContainerSpec.File;
import dev.gantry.executions.protocol.ContainerSpec.Service;
import dev.gantry.executions.protocol.ContainerSpec.Volume;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every backend does whose steps run in containers, for what a step finds in and beside its
 * own; skipped for one whose steps run in none.
 */
abstract class ContainerContract extends BackendContract {
  /** An image with a shell. */
  private String image() {
    assumeThat(host().image()).as("steps of this backend run in no container").isPresent();
    return host().image().orElseThrow();
  }

  @Test
  void filesAreWhereTheStepWantsThemAndCannotBeWrittenTo() {
    assertThat(image()).isNotEmpty();
    StepSpec step =
        in(
            0,
            "cat conf/app.txt ~/.rc;" + " echo no 2>&1 > conf/app.txt || echo refused",
            new ContainerSpec(
                List.of(new File("conf/app.txt", "for ${WHO}\n"), new File("~/.rc", "at home\n")),
                null,
                null,
                null));

    StepFinished end = end(Map.of("WHO", "you"), step);

    assertThat(end.outcome()).as(end.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(wholeText(0)).containsSubsequence("for you", "at home").contains("refused");
  }

  @Test
  void aFileMayHoldWhatTheStepIsGrantedAndTheLogDoesNot() {
    assertThat(image()).isNotEmpty();
    StepSpec step =
        in(
            0,
            "wc -c < ~/.token; cat ~/.token",
            new ContainerSpec(List.of(new File("~/.token", "${TOKEN}")), null, null, null));
    fixture
        .grants(execution, step)
        .complete(new StepGrants(Map.of("TOKEN", "canary-42"), List.of("TOKEN"), false));

    StepFinished end = end(step);

    assertThat(end.outcome()).as(end.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(wholeText(0)).containsExactly("9", "*********");
  }

  @Test
  void aVolumeIsThereAsLongAsTheStep() {
    assertThat(image()).isNotEmpty();
    ContainerSpec scratch =
        new ContainerSpec(null, List.of(new Volume("scratch", "/scratch/in")), null, null);
    StepFinished second =
        end(
            in(0, "echo x > /scratch/in/left && ls /scratch/in", scratch),
            in(1, "ls -A /scratch/in | wc -l", scratch));

    assertThat(second.outcome()).as(second.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(wholeText(0)).containsExactly("left");
    assertThat(wholeText(1)).containsExactly("0");
  }

  @Test
  void aServiceIsThereBeforeTheStepAndReachedByItsNames() {
    String image = image();
    assumeThat(host().namesServices()).as("services have no names here").isTrue();
    Service web =
        new Service(
            "web",
            image,
            Map.of("SAYS", "hello ${WHO}"),
            List.of("sh", "-c", "echo \"$SAYS\" > /tmp/said; exec httpd -f -p 8099 -h /tmp"),
            List.of(8099));
    StepFinished end =
        end(
            Map.of("WHO", "you"),
            in(
                0,
                "wget -qO- http://web:8099/said; wget -qO- http://web-svc:8099/said",
                new ContainerSpec(null, null, List.of(web), null)));

    assertThat(end.outcome()).as(end.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(wholeText(0)).containsExactly("hello you", "hello you");
  }

  /** A script with this in and beside its container. */
  static StepSpec in(int index, String script, ContainerSpec container) {
    boolean granted = container.files().stream().anyMatch(file -> file.content().contains("TOKEN"));
    return new StepSpec(
        index,
        "step-" + index,
        1,
        null,
        null,
        script,
        List.of(),
        null,
        null,
        null,
        List.of(),
        false,
        null,
        Map.of(),
        0,
        null,
        0,
        false,
        granted,
        container);
  }
}
