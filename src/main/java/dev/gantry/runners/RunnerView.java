package dev.gantry.runners;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A runner as the API shows it. What only its heartbeats tell is left out when it was never seen.
 *
 * @param status {@code healthy}, {@code unhealthy} or {@code never_seen}
 * @param shared it belongs to the installation and serves every organization
 * @param capacity the sum over all instances that are alive, as usage and slots; left out where
 *     those that are alive do not know it, as in a namespace without a quota
 * @param version of the instance that was seen last
 * @param instances how many are alive
 * @param configuration left out in lists
 * @param token shown once, by the answer that made it
 */
@JsonInclude(Include.NON_NULL)
@Schema(
    name = "Runner",
    requiredProperties = {"name", "status", "shared", "instances"})
record RunnerView(
    String name,
    @Schema(enumeration = {"healthy", "unhealthy", "never_seen"}) String status,
    String type,
    String description,
    @Schema(description = "It belongs to the installation and serves everyone") boolean shared,
    Amount capacity,
    Amount usage,
    Slots slots,
    String version,
    long instances,
    ObjectNode configuration,
    Instant createdAt,
    Instant updatedAt,
    Instant lastSeen,
    @Schema(description = "In the answer that makes it alone") String token) {

  /** As Kubernetes writes it; without what nobody knows. */
  @JsonInclude(Include.NON_NULL)
  @Schema(name = "ComputeAmount")
  record Amount(String cpu, String memory) {}

  @Schema(name = "RunnerSlots")
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
