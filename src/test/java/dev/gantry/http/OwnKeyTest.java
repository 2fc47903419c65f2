package dev.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** B6: the caller's own key in a body is never stored in clear. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class OwnKeyTest {
  private final TestOrganization mine = TestOrganization.create("ADMIN");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/tools/execute|{'name': 't', 'content': 'true', 'environment': {'API_KEY': 'KEY'}}",
        "/workflows/execute|{'definition': {'name': 'w', 'steps': [{'name': 'a', 'command': 'x KEY'}]}}",
        "/agents|{'name': 'a', 'environment_variables': {'TOKEN': 'Bearer KEY'}}",
        "/integrations|{'name': 'i', 'type': 't', 'configuration': {'deep': [{'er': 'KEY'}]}}",
        "/chat|{'agent_uuid': 'a', 'message': 'use KEY'}",
        "/chat|{'agent_uuid': 'a', 'message': 'x', 'context': [{'type': 'file', 'content': 'k: KEY'}]}",
        "/chat|{'agent_uuid': 'a', 'message': 'x', 'context': [{'type': 'url', 'url': 'http://a?k=KEY'}]}",
        "/sources|{'name': 's', 'type': 'inline', 'tools': 'KEY'}",
      })
  void itIsRefusedWhereItWouldBeStored(String path, String body) {
    String answer =
        mine.json()
            .body(body.replace('\'', '"').replace("KEY", mine.key()))
            .post("/api/v1" + path)
            .then()
            .statusCode(400)
            .body("error.code", equalTo("VALIDATION_ERROR"))
            .body("error.details.field", equalTo("body"))
            .body("error.message", containsString("POST /secrets"))
            .extract()
            .asString();
    assertThat(answer).doesNotContain(mine.key());
  }

  @Test
  void itIsRefusedWithAnIdempotencyKeyToo() {
    mine.json()
        .header("Idempotency-Key", "one")
        .body("{\"name\": \"%s\"}".formatted(mine.key()))
        .post("/api/v1/agents")
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("body"));
    mine.json()
        .header("Idempotency-Key", "two")
        .body("{\"name\": \"fine\"}")
        .post("/api/v1/agents")
        .then()
        .statusCode(201);
  }

  @Test
  void anUpdateIsLookedAtToo() {
    String uuid =
        mine.json().body("{\"name\": \"a\"}").post("/api/v1/agents").then().extract().path("uuid");
    mine.json()
        .body("{\"description\": \"%s\"}".formatted(mine.key()))
        .put("/api/v1/agents/" + uuid)
        .then()
        .statusCode(400);
  }

  @Test
  void aSecretMayHoldIt() {
    mine.json()
        .body("{\"name\": \"MY_KEY\", \"value\": \"%s\"}".formatted(mine.key()))
        .post("/api/v1/secrets")
        .then()
        .statusCode(201);
  }
}
