package dev.gantry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.testing.TestOrganization;
import io.restassured.response.Response;
import java.net.URI;

/** What the tests of webhooks do with them. */
final class Webhooks {
  static final String WEBHOOKS = "/api/v1/webhooks";
  private static final String SOURCE =
      """
      {"name": "alerts", "type": "inline",
       "workflows": [{"name": "handle",
         "params": {"severity": "none"},
         "steps": [{"name": "say", "output": "SAID",
           "command": "printf '%s|%s|%s' \\"$severity\\" \\"$prompt\\" \\"$event\\""}]}],
       "tools": [{"name": "page", "description": "Pages someone",
         "args": [{"name": "who", "type": "string", "required": true}],
         "content": "printf '%s|%s|%s' \\"$who\\" \\"$prompt\\" \\"$event\\""}]}
      """;

  private final TestOrganization mine;

  Webhooks(TestOrganization mine) {
    this.mine = mine;
  }

  /** A workflow {@code handle} and a tool {@code page}, which print what they are given. */
  void addSource() {
    Response made = mine.json().body(SOURCE).post("/api/v1/sources");
    assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
    String path = "/api/v1/sources/" + made.path("uuid") + "/sync";
    String scan = mine.json().post(path).path("scan_id");
    Response scanned = mine.json().get("/api/v1/sources/scans/" + scan + "?wait=30s");
    assertThat(scanned.<String>path("status")).as(scanned.asString()).isEqualTo("completed");
  }

  Response create(String body) {
    return mine.json().body(body).post(WEBHOOKS);
  }

  /** The webhook, whose creation has to work. */
  Response created(String body) {
    Response made = create(body);
    assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
    return made;
  }

  /** The path that others post to. */
  static String hook(Response created) {
    return URI.create(created.<String>path("webhook_url")).getPath();
  }

  /** What the execution's only step has printed. */
  String printed(String location) {
    Response ended = mine.json().get(location + "?wait=30s");
    assertThat(ended.<String>path("status")).as(ended.asString()).isEqualTo("completed");
    return location.contains("/tools/") ? ended.path("output") : ended.path("steps[0].output");
  }
}
