package dev.gantry.chat;

import static dev.gantry.chat.Talk.ECHO;
import static dev.gantry.chat.Talk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.models.OpenAiServer;
import dev.gantry.models.ScriptedAnswer;
import dev.gantry.testing.GantryServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a turn costs, with models whose prices the operator has written down. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@TestProfile(CostTest.Priced.class)
class CostTest {
  private static final String MODEL = "priced-at-its-provider";

  /** Two for a million tokens in, ten for a million out. */
  public static final class Priced implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path file = Files.createTempFile("models", ".yaml");
        file.toFile().deleteOnExit();
        Files.writeString(
            file,
            """
            models:
              - {name: priced, provider: openai, model: %s, base_url: '%s',
                 api_key_env: OPENAI_API_KEY, price: {input: 2, output: 10}}
            """
                .formatted(MODEL, OpenAiServer.shared().baseUrl()));
        return Map.of("gantry.models.file", file.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Talk talk(String budget) {
    Talk talk = new Talk("\"policy\": {\"budgets\": {\"cost\": " + budget + "}}", ECHO);
    talk.organization
        .json()
        .body("{\"llm_model\": \"priced\"}")
        .put("/api/v1/agents/" + talk.agent)
        .then()
        .statusCode(200);
    return talk;
  }

  private static void script() {
    OpenAiServer.shared()
        .script(
            MODEL,
            ScriptedAnswer.calls(call("a", "echo", "{\"text\": \"x\"}")).usage(100_000, 30_000),
            ScriptedAnswer.text("Well").usage(100_000, 1_000));
  }

  @Test
  void aTurnHasItsCost() {
    script();
    Talk enough = talk("0.71");
    Response answer = enough.say("Check it");
    answer.then().body("status", equalTo("completed"));
    assertThat(
            Talk.tree(enough.get(answer.path("execution_id")).asString())
                .at("/usage/cost")
                .decimalValue())
        .isEqualByComparingTo("0.71");

    script();
    Talk tooLittle = talk("0.49");
    Response over = tooLittle.say("Check it");
    over.then().body("status", equalTo("failed"));
    tooLittle
        .get(over.path("execution_id"), "why")
        .then()
        .body("reason", containsString("the turn cost 0.5"))
        .body("reason", containsString("of which its budget allows 0.49"))
        .body("reason", containsString("budgets.cost"));
    assertThat(tooLittle.entries(over.path("execution_id"), "answered")).hasSize(1);
  }
}
