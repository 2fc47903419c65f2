package dev.gantry.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.SqlLog;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The statements of the lists, as they are sent, read no large table from end to end. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class AgentsAtScaleTest {
  private static final int AGENTS = 20_000;
  private static final Pattern PLACE = Pattern.compile("\\$\\d+");
  private static TestOrganization mine;

  @BeforeAll
  static void fill() throws SQLException {
    mine = TestOrganization.create("ADMIN");
    try (Connection connection = TestOrganization.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into agents (id, organization_id, name, description, status, sources, secrets,
            environment_variables, runner, ai_instructions, llm_model, created_at, updated_at,
            version, event_sequence)
          select gen_random_uuid(), '%s', 'agent-' || lpad((i * 7919 %% %d)::text, 6, '0'),
            'Handles task ' || i, case when i %% 10 = 0 then 'inactive' else 'active' end, '[]',
            '[]', '{}', '', repeat('x', 200), '', now() - i * interval '1 second',
            now() - (i * 31 %% %d) * interval '1 second', 0, 1
          from generate_series(0, %d) i
          """
              .formatted(mine.id(), AGENTS, AGENTS, AGENTS - 1));
      statement.execute("vacuum analyze agents");
    }
  }

  @AfterAll
  static void clear() throws SQLException {
    try (Connection connection = TestOrganization.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("delete from agents where organization_id = '%s'".formatted(mine.id()));
      statement.execute("vacuum analyze agents");
    }
  }

  private static Response list(String query) {
    Response answer = mine.json().get("/api/v1/agents?" + query);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }

  private static List<String> sent(String query) {
    try (SqlLog log = new SqlLog()) {
      list(query);
      return log.statements().stream().filter(sql -> sql.contains("from agents")).toList();
    }
  }

  /** The plan for these values, bound in the order of the statement's places. */
  private static String plan(String sql, List<String> values) throws SQLException {
    Matcher places = PLACE.matcher(sql);
    StringBuilder bound = new StringBuilder("explain ");
    for (String value : values) {
      assertThat(places.find()).as(sql).isTrue();
      places.appendReplacement(bound, Matcher.quoteReplacement("'" + value + "'"));
    }
    assertThat(places.find()).as(sql).isFalse();
    places.appendTail(bound);
    StringBuilder plan = new StringBuilder();
    try (Connection connection = TestOrganization.connect();
        Statement statement = connection.createStatement();
        ResultSet lines = statement.executeQuery(bound.toString())) {
      while (lines.next()) {
        plan.append(lines.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  /**
   * @param skipped how many rows the page is behind the end of the list that is nearer
   * @param values what the list is selected by
   */
  private static void assertByIndex(String query, int skipped, String... values)
      throws SQLException {
    List<String> sent = sent(query);
    assertThat(sent).anyMatch(sql -> sql.contains("order by"));
    for (String sql : sent) {
      List<String> bound = new ArrayList<>(List.of(values));
      if (sql.contains("order by")) {
        bound.addAll(List.of("" + skipped, "50"));
      }
      assertThat(plan(sql, bound)).contains("Index").doesNotContain("Seq Scan");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"})
  void readsEveryOrderByIndexAtTheFirstAndTheLastPage(String sort) throws SQLException {
    assertByIndex("sort=" + sort, 0, mine.id().toString());
    assertByIndex("sort=" + sort + "&offset=19950", 0, mine.id().toString());
    assertByIndex("sort=" + sort + "&offset=9000", 9000, mine.id().toString());
  }

  @ParameterizedTest
  @CsvSource({"true, active", "false, inactive"})
  void selectsByStatusByIndex(String active, String status) throws SQLException {
    assertByIndex("active=" + active, 0, mine.id().toString(), status);
  }

  @Test
  void filtersByIndex() throws SQLException {
    assertByIndex("filter=agent-00424", 0, mine.id().toString(), "%agent-00424%");
    assertByIndex("filter=TASK 1999&sort=name", 0, mine.id().toString(), "%TASK 1999%");
    assertByIndex("filter=00424&active=true", 0, mine.id().toString(), "%00424%", "active");
  }

  @Test
  void filtersByOneOrTwoCharactersByIndex() throws SQLException {
    String id = mine.json().body("{\"name\": \"Żq\"}").post("/api/v1/agents").path("uuid");

    for (String text : List.of("żQ", "Ż", "q")) {
      assertByIndex("filter=" + text, 0, mine.id().toString(), "%" + text + "%");
      assertThat(list("filter=" + text).<List<String>>path("agents.uuid")).containsExactly(id);
    }
    mine.json().delete("/api/v1/agents/" + id);
    assertThat(list("filter=żq").<Integer>path("total")).isZero();
  }

  /** However long the counting takes, which is not waited for when it took long before. */
  @Test
  void tellsInTheEndHowManyThereAreWhenAllPassTheFilter() {
    int before = list("filter=a").path("total");
    String id = mine.json().body("{\"name\": \"a\"}").post("/api/v1/agents").path("uuid");

    assertThat(list("filter=a").<String>path("agents[0].uuid")).isEqualTo(id);
    await().until(() -> list("filter=a").<Integer>path("total") == before + 1);
    mine.json().delete("/api/v1/agents/" + id);
    await().until(() -> list("filter=a").<Integer>path("total") == before);
  }

  @Test
  void countsOnlyWhatHasChanged() {
    String query = "filter=agent-0000";
    list(query);

    assertThat(sent(query)).noneMatch(sql -> sql.contains("count("));
    mine.json().body("{\"name\": \"agent-0000-too\"}").post("/api/v1/agents");
    assertThat(sent(query)).anyMatch(sql -> sql.contains("count("));
    assertThat(list(query).<Integer>path("total")).isEqualTo(101);
  }

  @Test
  void countsAndPagesRightly() {
    assertThat(list("active=false").<Integer>path("total")).isEqualTo(AGENTS / 10);
    assertThat(list("filter=AGENT-00424").<Integer>path("total")).isEqualTo(10);
    assertThat(list("sort=name&limit=1&offset=19999").<String>path("agents[0].name"))
        .isEqualTo("agent-019999");
    assertThat(list("sort=-name&limit=1&offset=12345").<String>path("agents[0].name"))
        .isEqualTo("agent-007654");
  }
}
