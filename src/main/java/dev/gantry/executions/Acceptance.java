package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.workflows.StepGraph;
import dev.gantry.workflows.WorkflowDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * What was accepted, and never changes afterwards.
 *
 * @param variables resolved: the definition's params under the request's
 * @param source as the caller named it, or null for an inline definition
 * @param sourceType {@code inline}, {@code git} or {@code github}
 * @param sourceCommit the pinned commit, or null
 * @param timeout of the whole execution, never zero
 * @param rerunOf the execution that completed steps were taken over from, or null
 */
record Acceptance(
    UUID id,
    Kind kind,
    UUID organizationId,
    WorkflowDefinition definition,
    StepGraph graph,
    Map<String, String> variables,
    String source,
    String sourceType,
    String sourceCommit,
    String runner,
    Duration timeout,
    boolean saveTrace,
    int logPartition,
    Instant createdAt,
    UUID rerunOf,
    Limits limits) {

  /** The id as the API shows it. */
  String publicId() {
    return kind.prefix() + id;
  }
}
