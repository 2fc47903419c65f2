package dev.gantry.models;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.network.AddressPolicy;
import dev.gantry.secrets.SecretValues;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Models as an application has them, with its settings, secrets and metrics. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ModelsInApplicationTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Inject Models models;
  @Inject ModelServers servers;
  @Inject ModelMetrics metrics;
  @Inject SecretValues secrets;
  @Inject AddressPolicy network;
  @Inject Vertx vertx;
  @Inject ObjectMapper json;

  @Test
  void theEnvironmentsServerIsAskedAndCounted() {
    String name = "test-" + UUID.randomUUID();
    OpenAiServer.shared().script(name, ScriptedAnswer.text("Hello", " there"));
    List<String> told = new ArrayList<>();

    ModelAnswer answer =
        models.ask(UUID.randomUUID(), TestModels.call(name), told::add).await().atMost(LONG);

    assertThat(answer.text()).isEqualTo("Hello there");
    assertThat(told).containsExactly("Hello", " there");
    assertThat(OpenAiServer.shared().asked(name).get(0).headers())
        .containsEntry("authorization", "Bearer " + GantryServers.MODEL_KEY);
    assertThat(given().get("/q/metrics").asString())
        .contains(
            "gantry_models_calls_seconds_count{model=\"%s\",outcome=\"answered\"".formatted(name))
        .contains(
            "gantry_models_tokens_total{direction=\"output\",model=\"%s\"} 5.0".formatted(name));
  }

  @Test
  void anOrganizationsSecretIsItsKey() {
    TestOrganization organization = TestOrganization.create("ADMIN");
    organization
        .json()
        .body("{\"name\": \"THEIR_KEY\", \"value\": \"sk-theirs-and-nobody-elses\"}")
        .post("/api/v1/secrets")
        .then()
        .statusCode(201);
    String name = "test-" + UUID.randomUUID();
    OpenAiServer.shared().script(name, ScriptedAnswer.text("yours"));
    Models theirs =
        new Models(
            TestModels.catalog(
                "models: [{name: own, provider: openai, model: %s, base_url: '%s', api_key_secret: THEIR_KEY}]"
                    .formatted(name, OpenAiServer.shared().baseUrl()),
                Optional.empty()),
            new Accesses(vertx, secrets, network),
            servers,
            metrics);

    assertThat(
            theirs
                .ask(organization.id(), TestModels.call("own"), piece -> {})
                .await()
                .atMost(LONG)
                .text())
        .isEqualTo("yours");
    assertThat(OpenAiServer.shared().asked(name).get(0).headers())
        .containsEntry("authorization", "Bearer sk-theirs-and-nobody-elses");
    assertThat(
            theirs
                .ask(UUID.randomUUID(), TestModels.call("own"), piece -> {})
                .onItemOrFailure()
                .transform(
                    (answer, failure) -> ((dev.gantry.http.ApiException) failure).explained())
                .await()
                .atMost(LONG))
        .isEqualTo("llm_model: the model 'own' cannot be asked: no secret 'THEIR_KEY'");
  }

  /** Conversations are kept as JSON. */
  @Test
  void messagesComeBackAsTheyWere() throws IOException {
    List<Message> messages =
        List.of(
            new Message.Instructions("a"),
            new Message.User("b"),
            new Message.Assistant("c", List.of(new ToolCall("1", "t", "{}"))),
            new Message.ToolResult("1", "t", "d", true));
    for (Message message : messages) {
      String kept = json.writeValueAsString(message);
      assertThat(json.readValue(kept, Message.class)).isEqualTo(message);
    }
    assertThat(json.writeValueAsString(messages.get(3)))
        .isEqualTo(
            "{\"role\":\"tool\",\"call_id\":\"1\",\"tool\":\"t\",\"text\":\"d\",\"failed\":true}");
  }
}
