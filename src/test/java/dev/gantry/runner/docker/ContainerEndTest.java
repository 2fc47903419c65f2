package dev.gantry.runner.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.runner.disk.ProgramEnd;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerEndTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private static ProgramEnd end(long code, boolean outOfMemory, boolean away) {
    return ContainerEnd.of(
        new ContainerState("id", Map.of(), AT, AT, code, outOfMemory), 64 << 20, away);
  }

  @Test
  void anExitCodeIsTheProgramsOwn() {
    assertThat(end(0, false, false)).isEqualTo(new ProgramEnd(Outcome.COMPLETED, 0, null, AT));
    assertThat(end(3, false, true)).isEqualTo(new ProgramEnd(Outcome.FAILED, 3, "exit code 3", AT));
    assertThat(end(137, false, false).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void outOfMemoryIsNamedWithTheLimit() {
    ProgramEnd end = end(137, true, false);
    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(end.error()).contains("out of memory").contains("64 MiB");
    assertThat(end(0, true, false).outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void whatADaemonHasKilledIsNotTheProgramsFault() {
    for (int code : new int[] {137, 143, 255}) {
      assertThat(end(code, false, true).outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
      assertThat(end(code, false, true).error()).contains("daemon");
    }
  }
}
