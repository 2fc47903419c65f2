package dev.gantry.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.gantry.testing.GantryServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every failure is the error envelope, with the request's id. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ErrorsTest {
  private static RequestSpecification authorized() {
    return given().header("Authorization", "Bearer " + GantryServers.KEY);
  }

  private static ValidatableResponse envelope(ValidatableResponse answer, int status, String code) {
    return answer
        .statusCode(status)
        .contentType("application/json")
        .body("error.code", equalTo(code))
        .body("request_id", matchesPattern("req-.+"))
        .header("X-Request-Id", startsWith("req-"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/workflows/executions", "/api/v1/no/such/path"})
  void refusesWithoutAKey(String path) {
    envelope(given().get(path).then(), 401, "AUTHENTICATION_ERROR")
        .header("WWW-Authenticate", "Bearer");
  }

  @Test
  void refusesAWrongKey() {
    envelope(
        given().header("Authorization", "Bearer wrong").get("/api/v1/workflows/executions").then(),
        401,
        "AUTHENTICATION_ERROR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/workflows/executions/exec-01890000-0000-7000-8000-000000000000",
        "/api/v1/workflows/executions/nonsense",
        "/api/v1/no/such/path"
      })
  void saysNotFound(String path) {
    envelope(authorized().get(path).then(), 404, "NOT_FOUND");
  }

  @Test
  void saysNotFoundOutsideTheApi() {
    envelope(given().get("/nowhere").then(), 404, "NOT_FOUND");
  }

  @Test
  void refusesMalformedJsonWithItsPlace() {
    envelope(
            authorized()
                .contentType("application/json")
                .body("{\"name\": \"x\", ")
                .post("/api/v1/tools/execute")
                .then(),
            400,
            "VALIDATION_ERROR")
        .body("error.details.line", equalTo(1))
        .body("error.message", not(containsString("com.fasterxml")));
  }

  @Test
  void namesAnUnknownField() {
    envelope(
            authorized()
                .contentType("application/json")
                .body("{\"name\": \"x\", \"contnet\": \"y\"}")
                .post("/api/v1/tools/execute")
                .then(),
            400,
            "VALIDATION_ERROR")
        .body("error.details.field", equalTo("contnet"));
  }

  @Test
  void namesAFieldOfTheWrongType() {
    envelope(
            authorized()
                .contentType("application/json")
                .body("{\"name\": {\"a\": 1}}")
                .post("/api/v1/tools/execute")
                .then(),
            400,
            "VALIDATION_ERROR")
        .body("error.details.field", equalTo("name"));
  }

  @Test
  void saysNotFoundForAPathThatCannotBeDecoded() {
    envelope(
        authorized().urlEncodingEnabled(false).get("/api/v1/agents/%25_%5C").then(),
        404,
        "NOT_FOUND");
  }

  @Test
  void saysThatABodyIsTooLarge() {
    envelope(
        authorized()
            .contentType("application/json")
            .body("x".repeat(3 << 20))
            .post("/api/v1/agents")
            .then(),
        413,
        "VALIDATION_ERROR");
  }

  /** A number is no name, whatever a parser could make of it. */
  @ParameterizedTest
  @ValueSource(strings = {"5", "1.5", "true"})
  void convertsNothing(String value) {
    envelope(
            authorized()
                .contentType("application/json")
                .body("{\"name\": " + value + "}")
                .post("/api/v1/agents")
                .then(),
            400,
            "VALIDATION_ERROR")
        .body("error.details.field", equalTo("name"));
  }

  @ParameterizedTest
  @CsvSource({
    "limit=%D9%A3,limit",
    "tool=a%00b,tool",
    "created_after=2030-01-31T12:00Z,created_after",
    "created_after=%2B999999999-12-31T23:59:59Z,created_after"
  })
  void namesAParameterThatIsNotAsDocumented(String query, String field) {
    envelope(
            authorized().urlEncodingEnabled(false).get("/api/v1/tools/executions?" + query).then(),
            400,
            "VALIDATION_ERROR")
        .body("error.details.field", equalTo(field));
  }

  @Test
  void refusesAnotherMethod() {
    envelope(authorized().delete("/api/v1/workflows/executions").then(), 405, "VALIDATION_ERROR");
  }

  @Test
  void refusesAnotherMediaType() {
    envelope(
        authorized().contentType("text/plain").body("x").post("/api/v1/tools/execute").then(),
        415,
        "VALIDATION_ERROR");
  }

  @Test
  void refusesToAnswerInAnotherMediaType() {
    envelope(
        authorized().accept("image/png").get("/api/v1/workflows/executions").then(),
        406,
        "VALIDATION_ERROR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=101", "limit=x", "offset=-1", "status=weird"})
  void namesABadParameter(String query) {
    envelope(
            authorized().get("/api/v1/workflows/executions?" + query).then(),
            400,
            "VALIDATION_ERROR")
        .body("error.details.field", equalTo(query.substring(0, query.indexOf('='))));
  }

  @Test
  void keepsTheCallersRequestId() {
    authorized()
        .header("X-Request-Id", "req-mine-1")
        .get("/api/v1/no")
        .then()
        .header("X-Request-Id", "req-mine-1")
        .body("request_id", equalTo("req-mine-1"));
  }

  @Test
  void answersAsProblemJsonWhenAsked() {
    authorized()
        .accept("application/problem+json")
        .get("/api/v1/no")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("title", equalTo("NOT_FOUND"))
        .body("status", equalTo(404));
  }

  @Test
  void namesEveryFaultOfADefinition() {
    envelope(
            authorized()
                .contentType("application/json")
                .body(
                    "{\"type\":\"inline\",\"definition\":\"name: x\\nsteps:\\n  - comand: y\\n\"}")
                .post("/api/v1/workflows/execute")
                .then(),
            400,
            "VALIDATION_ERROR")
        .body("error.details.faults[0].line", equalTo(3));
  }

  @Test
  void refusesAnUnknownRunner() {
    envelope(
            authorized()
                .contentType("application/json")
                .body("{\"name\":\"x\",\"content\":\"true\",\"runner\":\"nobody\"}")
                .post("/api/v1/tools/execute")
                .then(),
            400,
            "VALIDATION_ERROR")
        .body("error.details.field", equalTo("runner"))
        .body("error.details.error", containsString("GET /api/v1/runners"));
  }
}
