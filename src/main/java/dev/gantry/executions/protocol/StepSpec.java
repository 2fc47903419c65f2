package dev.gantry.executions.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * One step as a runner needs it. Texts may hold {@code ${NAME}} and its relatives; the runner
 * substitutes them from the segment's variables when it starts the step, since an output of the
 * step before is not known earlier.
 *
 * @param index the step's place in the definition, its identity in all messages
 * @param name the step's name, for logs and labels
 * @param attempt 1 for the first; (execution, index, attempt) names the Job, container or process
 * @param image the container image, which may hold markers, too; null = the runner's own choice; a
 *     backend without containers names it in the step's log
 * @param argv the program and its arguments; exclusive with {@code script}
 * @param script a script's text, handed over in a file, never on the command line
 * @param shell the interpreter of {@code script} with its options; empty = {@code /bin/sh}
 * @param dir the working directory, or null for the step's own
 * @param stdout a file that takes the standard output, in {@code dir}, or null
 * @param stderr a file that takes the standard error, likewise
 * @param artifacts what of the work directory is kept when the program has ended, each a {@link
 *     dev.gantry.workflows.PathPattern}
 * @param wantsArtifacts what steps before have kept is put into the work directory first
 * @param signal that asks it to end, as {@code INT}; null = {@code TERM}
 * @param env variables of this step alone, over the segment's
 * @param timeoutMillis when to stop it, counted from its start; 0 = never
 * @param output the variable that takes the trimmed standard output, or null
 * @param outputLimit how many bytes of it are kept; 0 = {@link StepEvent#MAX_OUTPUT_BYTES}, which
 *     are the most in any case
 * @param literal the texts are what they are: nothing is put in
 * @param granted the API has {@link StepGrants} for it, to be asked for before it starts
 * @param container what it finds in and beside its container; null = nothing of its own
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record StepSpec(
    int index,
    String name,
    int attempt,
    String image,
    List<String> argv,
    String script,
    List<String> shell,
    String dir,
    String stdout,
    String stderr,
    List<String> artifacts,
    boolean wantsArtifacts,
    String signal,
    Map<String, String> env,
    long timeoutMillis,
    String output,
    int outputLimit,
    boolean literal,
    boolean granted,
    ContainerSpec container) {

  public StepSpec {
    artifacts = artifacts == null ? List.of() : artifacts;
  }

  /** One that any backend can run. */
  public StepSpec(
      int index,
      String name,
      int attempt,
      String image,
      List<String> argv,
      String script,
      List<String> shell,
      String dir,
      String stdout,
      String stderr,
      List<String> artifacts,
      boolean wantsArtifacts,
      String signal,
      Map<String, String> env,
      long timeoutMillis,
      String output,
      int outputLimit,
      boolean literal,
      boolean granted) {
    this(
        index,
        name,
        attempt,
        image,
        argv,
        script,
        shell,
        dir,
        stdout,
        stderr,
        artifacts,
        wantsArtifacts,
        signal,
        env,
        timeoutMillis,
        output,
        outputLimit,
        literal,
        granted,
        null);
  }

  /** One whose texts may hold markers. */
  public StepSpec(
      int index,
      String name,
      int attempt,
      String image,
      List<String> argv,
      String script,
      List<String> shell,
      String dir,
      Map<String, String> env,
      long timeoutMillis,
      String output,
      boolean granted) {
    this(
        index,
        name,
        attempt,
        image,
        argv,
        script,
        shell,
        dir,
        null,
        null,
        List.of(),
        false,
        null,
        env,
        timeoutMillis,
        output,
        0,
        false,
        granted);
  }
}
