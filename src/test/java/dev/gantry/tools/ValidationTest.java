package dev.gantry.tools;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code POST /workflows/validate}. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ValidationTest {
  private static TestOrganization mine;

  @BeforeAll
  static void organize() {
    mine = TestOrganization.create("OPERATOR");
  }

  private static ValidatableResponse validate(Object definition) {
    return mine.json()
        .body(Map.of("definition", definition))
        .post("/api/v1/workflows/validate")
        .then();
  }

  @Test
  void saysWhatIsValid() {
    validate("name: w\nsteps:\n  - {name: a, command: echo}\nhandlerOn: {exit: {command: echo}}\n")
        .statusCode(200)
        .body("valid", equalTo(true))
        .body("name", equalTo("w"))
        .body("steps", equalTo(1))
        .body("faults", empty());
  }

  @Test
  void tellsEveryFaultOfATextWithLineAndColumn() {
    validate("name: w\nshedule: x\nsteps:\n  - name: a\n    depends: a\n")
        .statusCode(200)
        .body("valid", equalTo(false))
        .body("name", nullValue())
        .body("faults.size()", equalTo(3))
        .body("faults[0].place", equalTo("shedule"))
        .body("faults[0].message", containsString("did you mean 'schedule'?"))
        .body("faults[0].line", equalTo(2))
        .body("faults[0].column", equalTo(1))
        .body("faults[2].message", equalTo("the step waits for itself"));
  }

  @Test
  void readsADefinitionThatIsAnObject() {
    validate(Map.of("name", "w", "steps", List.of(Map.of("name", "a"))))
        .statusCode(200)
        .body("valid", equalTo(false))
        .body("faults[0].place", equalTo("steps[0]"))
        .body("faults[0].line", equalTo(0));
  }

  @Test
  void needsADefinition() {
    for (String body : List.of("{}", "{\"definition\": 7}", "{\"definition\": null}")) {
      mine.json()
          .body(body)
          .post("/api/v1/workflows/validate")
          .then()
          .statusCode(400)
          .body("error.details.field", equalTo("definition"));
    }
  }
}
