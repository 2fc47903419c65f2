package dev.gantry.runners;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A runner as the API shows it. What only its heartbeats tell is left out when it was never seen.
 *
 * @param status {@code healthy}, {@code unhealthy} or {@code never_seen}
 * @param shared it belongs to the installation and serves every organization
 * @param capacity the sum over all instances that are alive, as usage and slots
 * @param version of the instance that was seen last
 * @param instances how many are alive
 * @param configuration left out in lists
 * @param token shown once, by the answer that made it
 */
@JsonInclude(Include.NON_NULL)
record RunnerView(
    String name,
    String status,
    String type,
    String description,
    boolean shared,
    Amount capacity,
    Amount usage,
    Slots slots,
    String version,
    long instances,
    ObjectNode configuration,
    Instant createdAt,
    Instant updatedAt,
    Instant lastSeen,
    String token) {

  /** As Kubernetes writes it. */
  record Amount(String cpu, String memory) {}

  record Slots(long used, long total) {}

  RunnerView inList() {
    return with(null, null);
  }

  RunnerView withToken(String made) {
    return with(configuration, made);
  }

  private RunnerView with(ObjectNode shownConfiguration, String shownToken) {
    return new RunnerView(
        name,
        status,
        type,
        description,
        shared,
        capacity,
        usage,
        slots,
        version,
        instances,
        shownConfiguration,
        createdAt,
        updatedAt,
        lastSeen,
        shownToken);
  }

  /** Without the token, which must not reach a log. */
  @Override
  public String toString() {
    return "RunnerView[name=" + name + "]";
  }
}
