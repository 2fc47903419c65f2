package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import org.junit.jupiter.api.Test;

/** What the engine wants to be written about an end. */
class ResultMailTest extends EngineDriver {
  private static final String WORKFLOW =
      """
      name: w
      secrets: {KEY: THE_KEY}
      mailOn: {failure: true}
      errorMail: {to: "${P}@example.com"}
      smtp: {host: mail, username: "%s", password: "${KEY}"}
      steps: [{name: a, command: x, output: LOGIN}, {name: b, command: x}]
      """;

  private ResultMail mail() {
    return mails.get(0);
  }

  @Test
  void isComplete() {
    begin(WORKFLOW.formatted("me"));
    finished(0, 1, Outcome.FAILED, false);

    assertThat(mails).hasSize(1);
    assertThat(mail().letter().to()).containsExactly("1@example.com");
    assertThat(mail().status()).isEqualTo("failed");
    assertThat(mail().completed()).isZero();
    assertThat(mail().steps())
        .extracting(ResultMail.Step::name, ResultMail.Step::status)
        .containsExactly(tuple("a", "failed"), tuple("b", "skipped"));
    assertThat(mail().server().username()).isEqualTo("me");
  }

  @Test
  void saysWhetherLogsGoWithIt() {
    begin(WORKFLOW.formatted("me").replace("errorMail: {", "errorMail: {attachLogs: true, "));
    finished(0, 1, Outcome.FAILED, false);

    assertThat(mail().letter().attachLogs()).isTrue();
  }

  @Test
  void namesASecretThatTheDefinitionNames() {
    begin(WORKFLOW.formatted("${KEY}"));
    finished(0, 1, Outcome.FAILED, false);

    assertThat(mail().usernameSecret()).isEqualTo("THE_KEY");
    assertThat(mail().passwordSecret()).isEqualTo("THE_KEY");
    assertThat(mail().server().password()).isNull();
  }

  @Test
  void takesNoVariablesValueForTheNameOfASecret() {
    begin(WORKFLOW.formatted("${LOGIN}"));
    finished(0, 1, Outcome.COMPLETED, "${KEY}", true);
    finished(1, 1, Outcome.FAILED, false);

    assertThat(mail().usernameSecret()).isNull();
    assertThat(mail().server().username()).isEqualTo("${KEY}");
  }

  @Test
  void holdsUpNoEndWithTextsThatWouldBeTooLong() {
    String much = "${LOGIN}".repeat(400);
    begin(WORKFLOW.formatted("me").replace("errorMail: {", "errorMail: {prefix: '" + much + "', "));
    finished(0, 1, Outcome.COMPLETED, "x".repeat(60_000), true);
    finished(1, 1, Outcome.FAILED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(mail().letter().prefix()).isEqualTo(much);
  }

  @Test
  void isNotWrittenAboutASuccessThatNobodyWantsToKnowOf() {
    begin(WORKFLOW.formatted("me"));
    finished(0, 1, Outcome.COMPLETED, true);
    finished(1, 1, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(mails).isEmpty();
  }
}
