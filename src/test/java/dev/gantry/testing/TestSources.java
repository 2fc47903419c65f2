package dev.gantry.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** Sources of a test's organization. */
public final class TestSources {
  public static final String SOURCES = "/api/v1/sources";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TestSources() {}

  /** Creates a source and waits for its scan; answers its id. */
  public static String scanned(TestOrganization organization, String body) {
    String uuid =
        organization.json().body(body).post(SOURCES).then().statusCode(201).extract().path("uuid");
    awaitScan(organization, uuid);
    return uuid;
  }

  /** Scans a source anew and waits for the end. */
  public static void sync(TestOrganization organization, String uuid) {
    organization.json().post(SOURCES + "/" + uuid + "/sync").then().statusCode(202);
    awaitScan(organization, uuid);
  }

  public static void awaitScan(TestOrganization organization, String uuid) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> !"scanning".equals(organization.json().get(SOURCES + "/" + uuid).path("status")));
  }
}
