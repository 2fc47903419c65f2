package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.workflows.WorkflowDefinition.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
  @ParameterizedTest
  @CsvSource({
    "PT2S, 1, PT0S, 1, PT2S",
    "PT2S, 1, PT0S, 9, PT2S",
    "PT2S, 2, PT0S, 1, PT2S",
    "PT2S, 2, PT0S, 4, PT16S",
    "PT2S, 2, PT5S, 4, PT5S",
    "PT0S, 2, PT5S, 4, PT0S",
    "PT0S, 100, PT0S, 1000, PT0S",
    "PT1S, 100, PT0S, 1000, PT720H",
    "PT1S, 100, PT60S, 1000, PT60S"
  })
  void waits_longer_from_attempt_to_attempt_within_bounds(
      Duration interval, double base, Duration most, int attempt, Duration expected) {
    RetryPolicy policy = new RetryPolicy(10, interval, base, most, List.of(), List.of());
    assertThat(policy.delayAfter(attempt)).isEqualTo(expected);
  }

  @Test
  void allows_as_many_further_attempts_as_the_limit_says() {
    RetryPolicy policy = new RetryPolicy(2, Duration.ZERO, 1, Duration.ZERO, List.of(), List.of());
    assertThat(policy.allows(1, 3, null, null)).isTrue();
    assertThat(policy.allows(2, null, null, null)).isTrue();
    assertThat(policy.allows(3, 3, null, null)).isFalse();
    assertThat(RetryPolicy.NONE.allows(1, 1, null, null)).isFalse();
  }

  @Test
  void allows_only_the_exit_codes_it_names() {
    RetryPolicy policy =
        new RetryPolicy(2, Duration.ZERO, 1, Duration.ZERO, List.of(75), List.of());
    assertThat(policy.allows(1, 75, null, null)).isTrue();
    assertThat(policy.allows(1, 1, null, null)).isFalse();
  }

  @Test
  void allows_only_what_it_is_retried_on() {
    RetryPolicy policy =
        new RetryPolicy(
            2, Duration.ZERO, 1, Duration.ZERO, List.of(), List.of("try again", "re:5\\d\\d"));
    assertThat(policy.allows(1, 1, "HTTP 503", "exit code 1")).isTrue();
    assertThat(policy.allows(1, 1, null, "please try again")).isTrue();
    assertThat(policy.allows(1, 1, "HTTP 404", "exit code 1")).isFalse();
    assertThat(policy.allows(3, 1, "HTTP 503", "exit code 1")).isFalse();
  }
}
