package dev.gantry.workflows;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A valid workflow. Steps refer to each other by index in {@code steps}; the dependencies are
 * resolved (a {@code chain}'s implied ones included) and free of cycles.
 *
 * @param runner the definition's own runner, or null
 * @param env variables for every step, in the definition's order
 * @param grants secrets for every step
 * @param timeout of the whole execution; zero = none of its own
 */
public record WorkflowDefinition(
    String name,
    String description,
    String runner,
    List<Parameter> params,
    Map<String, String> env,
    Grants grants,
    Duration timeout,
    List<Step> steps) {
  public WorkflowDefinition {
    grants = Grants.orNone(grants);
  }

  /**
   * @param value the default, or null when there is none
   * @param required the caller must give it unless {@code value} is there
   */
  public record Parameter(
      String name, String type, String description, boolean required, String value) {}

  /**
   * @param depends indexes of the steps that must be settled before
   * @param output the variable that takes the trimmed standard output, or null
   * @param timeout of one attempt; zero = none
   * @param dir working directory, or null
   */
  public record Step(
      String name,
      String description,
      List<Integer> depends,
      Action action,
      Map<String, String> env,
      String output,
      Duration timeout,
      String dir,
      RetryPolicy retryPolicy,
      ContinueOn continueOn) {}

  /** What a step runs. */
  public sealed interface Action {
    /** One line, run by the shell. */
    record Command(String line, List<String> shell) implements Action {}

    /** A program with its arguments, run without a shell. */
    record Arguments(List<String> argv) implements Action {}

    /** A script handed to its interpreter; an empty {@code shell} = {@code /bin/sh}. */
    record Script(String text, List<String> shell) implements Action {}

    /** A tool with its arguments, checked against their declaration, defaults filled in. */
    record Tool(ToolDefinition tool, Map<String, String> args) implements Action {}
  }

  /**
   * @param limit how many further attempts; 0 = none
   * @param exponentialBase the factor from one interval to the next; 1 = constant
   * @param maxInterval zero = unbounded
   * @param exitCodes retried only for these; empty = for any failure
   */
  public record RetryPolicy(
      int limit,
      Duration interval,
      double exponentialBase,
      Duration maxInterval,
      List<Integer> exitCodes) {
    public static final RetryPolicy NONE =
        new RetryPolicy(0, Duration.ZERO, 1, Duration.ZERO, List.of());

    /** How long to wait before the attempt after {@code attempt} (from 1). */
    public Duration delayAfter(int attempt) {
      double factor = Math.pow(exponentialBase, attempt - 1);
      double millis =
          Math.min(interval.toMillis() * factor, (double) Duration.ofDays(30).toMillis());
      Duration delay = Duration.ofMillis((long) millis);
      return maxInterval.isZero() || delay.compareTo(maxInterval) < 0 ? delay : maxInterval;
    }

    public boolean allows(int attempt, Integer exitCode) {
      return attempt <= limit
          && (exitCodes.isEmpty() || (exitCode != null && exitCodes.contains(exitCode)));
    }
  }

  /**
   * When a step that did not complete still lets its dependents run.
   *
   * @param output any of these in the step's output (text, or {@code re:} and a regular expression)
   * @param markSuccess the step then counts as completed
   */
  public record ContinueOn(
      boolean failure,
      boolean skipped,
      List<Integer> exitCodes,
      List<String> output,
      boolean markSuccess) {
    public static final ContinueOn NEVER =
        new ContinueOn(false, false, List.of(), List.of(), false);
  }
}
