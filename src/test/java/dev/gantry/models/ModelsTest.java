package dev.gantry.models;

import static dev.gantry.models.ScriptedAnswer.calls;
import static dev.gantry.models.ScriptedAnswer.error;
import static dev.gantry.models.ScriptedAnswer.text;
import static dev.gantry.models.TestModels.KEY;
import static dev.gantry.models.TestModels.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.http.ApiException;
import dev.gantry.models.ModelFailure.Kind;
import dev.gantry.models.ScriptedAnswer.Fault;
import io.smallrye.mutiny.subscription.Cancellable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of a model and what comes of it, with a server that fails as servers do. */
class ModelsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static OpenAiServer server;
  private TestModels models;

  @BeforeAll
  static void serve() {
    server = OpenAiServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void configure() {
    models =
        TestModels.of(
            """
            models:
              - {name: good, provider: openai, model: m, base_url: '%1$s', api_key_env: MODEL_KEY,
                 price: {input: 2.50, output: 10}}
              - {name: hasty, provider: openai, model: m, base_url: '%1$s', retries: 0,
                 first_byte_timeout: 200ms, idle_timeout: 200ms, timeout: 600ms}
              - {name: backed, provider: openai, model: m, base_url: '%1$s', retries: 0,
                 fallback: spare}
              - {name: spare, provider: openai, model: spare-m, base_url: '%1$s'}
              - {name: gone, provider: openai, base_url: 'http://127.0.0.1:1/v1', retries: 0}
              - {name: theirs, provider: openai, base_url_secret: MODEL_URL,
                 api_key_secret: THEIR_KEY}
            """
                .formatted(server.baseUrl()),
            Map.of("MODEL_URL", server.baseUrl(), "THEIR_KEY", "sk-theirs-0123456789"));
  }

  @AfterEach
  void close() {
    models.close();
  }

  private ModelFailure failure(String model) {
    return catchThrowableOfType(ModelFailure.class, () -> models.ask(model));
  }

  private int asked() {
    return server.asked("m").size();
  }

  @Test
  void tellsEachPieceAndThenTheWholeAnswer() {
    server.script("m", text("I am", " fine", ".").usage(1_000, 200));

    ModelAnswer answer = models.ask("good");

    assertThat(models.told).containsExactly("I am", " fine", ".");
    assertThat(answer)
        .isEqualTo(
            new ModelAnswer(
                "I am fine.",
                List.of(),
                "stop",
                "good",
                new Usage(1_000, 200, new BigDecimal("0.0045"))));
  }

  @Test
  void asksAsTheProtocolWantsIt() throws Exception {
    server.script("m", text("Done."));
    JsonNode schema =
        JSON.readTree(
            """
            {"type": "object", "required": ["pod"],
             "properties": {"pod": {"type": "string", "pattern": "^[a-z]+$"}}}
            """);

    models.ask(
        new ModelCall(
            "good",
            List.of(
                new Message.Instructions("Be brief."),
                new Message.User("Restart it."),
                new Message.Assistant(
                    "", List.of(new ToolCall("c1", "restart", "{\"pod\":\"a\"}"))),
                new Message.ToolResult("c1", "restart", "no such pod", true)),
            List.of(new ToolSpec("restart", "Restarts a pod", schema)),
            77,
            0.5,
            true));

    OpenAiServer.Asked asked = server.asked("m").get(server.asked("m").size() - 1);
    assertThat(asked.headers()).containsEntry("authorization", "Bearer " + KEY);
    assertThat(asked.path()).isEqualTo("/v1/chat/completions");
    assertThat(asked.body().path("max_tokens").asInt()).isEqualTo(77);
    assertThat(asked.body().path("temperature").asDouble()).isEqualTo(0.5);
    assertThat(asked.body().at("/response_format/type").asText()).isEqualTo("json_object");
    assertThat(asked.body().path("messages"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"role": "system", "content": "Be brief."},
                 {"role": "user", "content": "Restart it."},
                 {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function",
                   "function": {"name": "restart", "arguments": "{\\"pod\\":\\"a\\"}"}}]},
                 {"role": "tool", "tool_call_id": "c1", "content": "no such pod"}]
                """));
    JsonNode function = asked.body().at("/tools/0/function");
    assertThat(function.path("name").asText()).isEqualTo("restart");
    assertThat(function.path("description").asText()).isEqualTo("Restarts a pod");
    assertThat(function.at("/parameters/properties/pod/pattern").asText()).isEqualTo("^[a-z]+$");
    assertThat(function.at("/parameters/required/0").asText()).isEqualTo("pod");
  }

  @Test
  void putsCallsTogetherThatComeSideBySide() {
    ToolCall first = new ToolCall("c1", "kubectl", "{\"command\":\"get pods\"}");
    ToolCall second = new ToolCall("c2", "helm", "{\"release\":\"web\"}");
    server.script("m", calls(first, second).saying("Let me look."));

    ModelAnswer answer = models.ask("good");

    assertThat(answer.text()).isEqualTo("Let me look.");
    assertThat(answer.calls()).containsExactly(first, second);
    assertThat(answer.finish()).isEqualTo("tool_calls");
  }

  @ParameterizedTest
  @CsvSource({"length, length", "content_filter, content_filter", "eos, stop"})
  void saysWhyTheModelStopped(String reason, String told) {
    server.script("m", text("So").finish(reason));

    assertThat(models.ask("good").finish()).isEqualTo(told);
  }

  @ParameterizedTest
  @CsvSource({"CUT", "END", "MALFORMED", "ERROR"})
  void aBrokenStreamIsNoAnswer(Fault fault) {
    server.script("m", text("Half", " an answer").failing(1, fault), text("whole"));
    int before = asked();

    ModelFailure failure = failure("good");

    assertThat(failure.kind())
        .isEqualTo(fault == Fault.ERROR ? Kind.UNAVAILABLE : Kind.BROKEN_STREAM);
    assertThat(failure).hasMessageContaining("'good'");
    assertThat(models.told).containsExactly("Half");
    assertThat(asked()).as("it is not asked again, since something was told").isEqualTo(before + 1);
  }

  @Test
  void callsThatBreakOffAreNoAnswer() {
    server.script(
        "m", calls(new ToolCall("c1", "rm", "{\"path\":\"/tmp/x\"}")).failing(2, Fault.END));

    assertThat(failure("good").kind()).isEqualTo(Kind.BROKEN_STREAM);
  }

  @Test
  void waitsForTheFirstByteThePausesAndTheWholeOnlySoLong() {
    server.script(
        "m",
        text("late").after(Duration.ofSeconds(5)),
        text("a", "b").failing(1, Fault.STALL),
        text("a", "b", "c", "d", "e", "f", "g", "h").pausing(Duration.ofMillis(100)));

    assertThat(failure("hasty")).hasMessageContaining("did not begin its answer within 200ms");
    assertThat(failure("hasty")).hasMessageContaining("did not go on within 200ms");
    assertThat(failure("hasty")).hasMessageContaining("did not end its answer");
    assertThat(failure("hasty").kind()).isEqualTo(Kind.REFUSED); // nothing more is scripted
    assertThat(server.asked("m").get(asked() - 3).hungUp())
        .as("who is late is cut off")
        .succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void asksAgainWhereThatMayHelp() {
    server.script("m", error(429, "slow down").with("retry-after", "1"), text("fine"));
    long begun = System.nanoTime();

    assertThat(models.ask("good").text()).isEqualTo("fine");

    assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
    server.script("m", error(503, "starting"), text("fine"));
    assertThat(models.ask("good").text()).isEqualTo("fine");
  }

  @Test
  void givesUpWhereItDoesNot() {
    server.script("m", error(500, "at fault"), error(500, "still"), text("too late"));
    assertThat(failure("good").kind()).isEqualTo(Kind.UNAVAILABLE);

    server.script("m", error(429, "tomorrow").with("retry-after", "3600"), text("too early"));
    assertThat(failure("good").kind()).isEqualTo(Kind.RATE_LIMITED);

    server.script("m", error(302, "moved").with("location", server.baseUrl() + "/else"));
    assertThat(failure("good")).hasMessageContaining("redirects are not followed");

    assertThat(failure("gone").kind()).isEqualTo(Kind.UNREACHABLE);
  }

  @Test
  void neverTellsTheKey() {
    server.script("m", error(401, "Incorrect API key " + KEY), error(400, "no model for " + KEY));

    assertThat(failure("good").kind()).isEqualTo(Kind.UNAUTHORIZED);
    ModelFailure refused = failure("good");
    assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
    assertThat(refused).hasMessageContaining("no model for ***");
  }

  @Test
  void anotherModelStandsIn() {
    server.script("m", error(503, "down")).script("spare-m", text("I am the spare one"));

    ModelAnswer answer = models.ask("backed");

    assertThat(answer.text()).isEqualTo("I am the spare one");
    assertThat(answer.model()).isEqualTo("spare");
  }

  @Test
  void anotherModelDoesNotGoOnWithWhatOneHasBegun() {
    server.script("spare-m", text("other half"));
    int before = server.asked("spare-m").size();

    server.script("m", error(400, "no such model"));
    assertThat(failure("backed").kind()).isEqualTo(Kind.REFUSED);
    server.script("m", text("Half", "way").failing(1, Fault.ERROR));
    assertThat(failure("backed").kind()).isEqualTo(Kind.UNAVAILABLE);

    assertThat(server.asked("spare-m")).hasSize(before);
  }

  @Test
  void cancellingCutsTheProviderOff() {
    server.script("m", text("a", "b").failing(1, Fault.STALL));
    Cancellable asking = models.asking(call("good")).subscribe().with(answer -> {});
    await().until(() -> models.told.size() == 1);

    asking.cancel();

    assertThat(server.asked("m").get(asked() - 1).hungUp()).succeedsWithin(Duration.ofSeconds(2));
    await().untilAsserted(() -> assertThat(tries("good", "cancelled")).isEqualTo(1));
  }

  @Test
  void whoCannotHearEndsTheAnswer() {
    server.script("m", text("a", "b"));

    RuntimeException failure =
        catchThrowableOfType(
            IllegalStateException.class,
            () ->
                models
                    .asking(
                        call("good"),
                        piece -> {
                          throw new IllegalStateException("full");
                        })
                    .await()
                    .atMost(Duration.ofSeconds(5)));

    assertThat(failure).hasMessage("full");
  }

  /** B2: what the operator names may be private, what an organization names may not. */
  @Test
  void anOrganizationsOwnServerMustNotBePrivate() {
    server.script("theirs", text("you found me"));

    ModelFailure failure = failure("theirs");

    assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failure)
        .hasMessageContaining("127.0.0.1")
        .hasMessageContaining("gantry.network.allow");
    assertThat(server.asked("theirs")).isEmpty();
  }

  @Test
  void countsWhatIsTaken() {
    server.script("m", text("ok").usage(1_000_000, 100_000), error(401, "no"));

    models.ask("good");
    assertThat(failure("good")).isNotNull();

    assertThat(tries("good", "answered")).isEqualTo(1);
    assertThat(tries("good", "unauthorized")).isEqualTo(1);
    assertThat(
            models
                .metrics
                .get("gantry.models.tokens")
                .tags("model", "good", "direction", "input")
                .counter()
                .count())
        .isEqualTo(1_000_000);
    assertThat(models.metrics.get("gantry.models.cost").tag("model", "good").counter().count())
        .isEqualTo(3.5);
  }

  private long tries(String model, String outcome) {
    return models
        .metrics
        .get("gantry.models.calls")
        .tags("model", model, "outcome", outcome)
        .timer()
        .count();
  }

  @Test
  void whatIsNotThereIsSaid() {
    ApiException failure = catchThrowableOfType(ApiException.class, () -> models.ask("gpt-0"));

    assertThat(failure.explained())
        .isEqualTo(
            "llm_model: there is no model 'gpt-0'; there are: backed, gone, good, hasty, spare,"
                + " theirs");
    assertThat(
            catchThrowableOfType(ApiException.class, () -> models.ask((String) null)).explained())
        .contains("GANTRY_MODELS_DEFAULT");
  }

  @Test
  void theEnvironmentIsEnoughForAnyName() {
    String name = "a-name-of-theirs";
    server.script(name, text("hello"));
    try (TestModels any =
        TestModels.ofEnvironment(Map.of("OPENAI_BASE_URL", server.baseUrl() + "/"))) {
      assertThat(any.ask(name).text()).isEqualTo("hello");
      assertThat(server.asked(name).get(0).headers()).doesNotContainKey("authorization");
    }
    try (TestModels none = TestModels.ofEnvironment(Map.of())) {
      assertThat(catchThrowableOfType(ApiException.class, () -> none.ask(name)).explained())
          .contains("GANTRY_MODELS_FILE", "OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY");
    }
  }
}
