package dev.gantry.openapi;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gantry.testing.GantryServers;
import io.fabric8.zjsonpatch.JsonDiff;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import jakarta.ws.rs.HttpMethod;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The document has every route, says something of each, and its examples are true. It is a file
 * that is written from the code: run with {@code -Dgolden.write=true} after a change of the API,
 * and read the difference.
 */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class OpenApiDocumentTest {
  private static final Path FILE = Path.of("src/main/resources/schemas/openapi.json");
  private static final String SERVED = "/api/v1/openapi";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> ERRORS = List.of("400", "401", "403", "429", "500", "503");

  /** Answered before a route is looked for. */
  private static final List<String> WITHOUT_BODY = List.of("204", "414", "431");

  /** The protocol wants nothing in it. */
  private static final String MCP_HEARD = "202 of sendMcpMessage ";

  private Contract contract;

  @BeforeEach
  void read() {
    contract = Contract.of(URI.create(RestAssured.baseURI + ":" + RestAssured.port));
  }

  @Test
  void isWhatTheCodeSays() throws IOException {
    JsonNode written =
        JSON.readTree(given().get("/q/openapi?format=json").then().extract().asByteArray());
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(FILE, written.toPrettyString() + "\n");
    }

    assertThat(JsonDiff.asJson(JSON.readTree(FILE.toFile()), written))
        .as("what is missing in " + FILE + "; -Dgolden.write=true writes it")
        .isEmpty();
  }

  @Test
  void isServedAsYamlAndAsJson() throws IOException {
    JsonNode file = JSON.readTree(FILE.toFile());

    given().get(SERVED).then().statusCode(200).contentType("application/yaml;charset=UTF-8");
    assertThat(new YAMLMapper().readTree(given().get(SERVED).asString())).isEqualTo(file);
    for (RequestSpecification json :
        List.of(
            given().queryParam("format", "json"),
            given().header("Accept", "application/json, */*"))) {
      assertThat(
              JSON.readTree(
                  json.get(SERVED)
                      .then()
                      .contentType("application/json;charset=UTF-8")
                      .extract()
                      .asString()))
          .isEqualTo(file);
    }
  }

  @Test
  void hasEveryRouteThatIsDeployedAndNoOther() {
    TreeSet<String> documented = new TreeSet<>();
    contract.operations().forEach(o -> documented.add(o.method() + " " + o.path()));

    assertThat(documented).containsExactlyElementsOf(new TreeSet<>(deployed().toList()));
  }

  private static Stream<String> deployed() {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gantry")
            .stream()
            .filter(type -> type.isAnnotatedWith(jakarta.ws.rs.Path.class))
            .flatMap(type -> type.getMethods().stream().flatMap(method -> routes(type, method)));
  }

  private static Stream<String> routes(JavaClass type, JavaMethod method) {
    String below =
        method
            .tryGetAnnotationOfType(jakarta.ws.rs.Path.class)
            .map(path -> slashed(path.value()))
            .orElse("");
    return method.getAnnotations().stream()
        .flatMap(
            annotation ->
                annotation
                    .getRawType()
                    .tryGetAnnotationOfType(HttpMethod.class)
                    .map(HttpMethod::value)
                    .stream())
        .map(
            verb ->
                verb
                    + " /api/v1"
                    + slashed(type.getAnnotationOfType(jakarta.ws.rs.Path.class).value())
                    + below);
  }

  private static String slashed(String path) {
    return path.startsWith("/") ? path : "/" + path;
  }

  @Test
  void saysSomethingOfEveryOperation() {
    SoftAssertions softly = new SoftAssertions();
    TreeSet<String> ids = new TreeSet<>();
    for (ApiOperation operation : contract.operations()) {
      JsonNode node = operation.node();
      for (String text : List.of("operationId", "summary", "description")) {
        softly.assertThat(node.path(text).asText()).as(text + " of " + operation).isNotBlank();
      }
      softly
          .assertThat(ids.add(node.path("operationId").asText()))
          .as("only " + operation)
          .isTrue();
      softly.assertThat(node.path("tags")).as("tag of " + operation).hasSize(1);
      operation
          .parameters()
          .forEach(
              parameter -> {
                softly
                    .assertThat(parameter.path("description").asText())
                    .as("description of %s of %s", parameter.path("name"), operation)
                    .isNotBlank();
                softly
                    .assertThat(parameter.path("schema").isEmpty())
                    .as("schema of %s of %s", parameter.path("name"), operation)
                    .isFalse();
              });
    }
    softly.assertAll();
  }

  @Test
  void everyOperationHasItsAnswers() {
    SoftAssertions softly = new SoftAssertions();
    for (ApiOperation operation : contract.operations()) {
      JsonNode responses = operation.node().path("responses");
      for (String error : ERRORS) {
        softly.assertThat(responses.has(error)).as(error + " of " + operation).isTrue();
      }
      for (var response : responses.properties()) {
        JsonNode known = operation.resolved(response.getValue());
        String name = response.getKey() + " of " + operation;
        softly.assertThat(known.path("description").asText()).as(name).isNotBlank();
        softly
            .assertThat(known.path("content").isEmpty())
            .as("no content: " + name)
            .isEqualTo(WITHOUT_BODY.contains(response.getKey()) || name.startsWith(MCP_HEARD));
        known
            .path("content")
            .forEach(c -> softly.assertThat(c.has("schema")).as("schema of " + name).isTrue());
      }
    }
    softly.assertAll();
  }

  /** A reference that leads nowhere would let everything pass. */
  @Test
  void everyReferenceLeadsSomewhere() {
    assertThat(contract.document().findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(
            ref ->
                assertThat(contract.document().at(ref.substring(1)).isMissingNode())
                    .as(ref)
                    .isFalse());
  }

  @Test
  void everyExampleIsAsItsSchemaSays() {
    SoftAssertions softly = new SoftAssertions();
    for (ApiOperation operation : contract.operations()) {
      JsonNode sent = operation.node().at("/requestBody/content/application~1json");
      if (!sent.isMissingNode()) {
        softly
            .assertThat(contract.validation().request(sent.get("schema"), sent.path("example")))
            .as("request of " + operation)
            .isEmpty();
      }
      for (var response : operation.node().path("responses").properties()) {
        JsonNode content = operation.resolved(response.getValue()).at("/content/application~1json");
        if (content.has("example")) {
          softly
              .assertThat(
                  contract.validation().answer(content.get("schema"), content.get("example")))
              .as(response.getKey() + " of " + operation)
              .isEmpty();
        }
      }
    }
    softly.assertAll();
  }

  @Test
  void isOpenApi31WithABearerSchemeAndRelativeServers() {
    given()
        .get("/api/v1/openapi?format=json")
        .then()
        .statusCode(200)
        .body("openapi", equalTo("3.1.0"))
        .body("servers.url", equalTo(List.of("/")))
        .body("security", equalTo(List.of(java.util.Map.of("bearer", List.of()))))
        .body("components.securitySchemes.bearer.type", equalTo("http"))
        .body("components.securitySchemes.bearer.scheme", equalTo("bearer"))
        .body("components.schemas.AgentRequest.additionalProperties", equalTo(false));
  }

  @Test
  void hasAPageForPeopleThatIsOpenToAll() {
    given().redirects().follow(false).get("/api/v1/docs").then().statusCode(302);
    String page = given().get("/api/v1/docs").then().contentType("text/html").extract().asString();

    assertThat(page).contains("url: '../openapi?format=json'");
    Matcher linked = Pattern.compile("(?:src|href)=\"([^\":]+)\"").matcher(page);
    assertThat(
            linked
                .results()
                .map(link -> URI.create("/api/v1/docs/").resolve(link.group(1)).getPath()))
        .hasSize(2)
        .allSatisfy(path -> given().get(path).then().statusCode(200));
  }
}
