package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.platform.TraceContext;
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
 * @param parent null = a caller, a schedule or a webhook has started it
 * @param cause where in a trace it was asked for; null = nowhere
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
    Limits limits,
    Parent parent,
    TraceContext cause) {

  /**
   * The attempt of another execution's step that this one does.
   *
   * @param depth how many executions are above this one
   */
  record Parent(UUID execution, int step, int attempt, int depth) {}

  /** How many executions are above it. */
  int depth() {
    return parent == null ? 0 : parent.depth();
  }

  /** The id as the API shows it. */
  String publicId() {
    return kind.prefix() + id;
  }
}
