package dev.gantry.workflows;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A valid workflow. Steps refer to each other by index in {@code steps}; the dependencies are
 * resolved (a {@code chain}'s implied ones included) and free of cycles. The last of them may be
 * handlers, which no step depends on.
 *
 * @param runner the definition's own runner, or null
 * @param env variables for every step, in the definition's order
 * @param grants secrets for every step
 * @param timeout of the whole execution; zero = none of its own
 * @param delay how long a step waits once it could run
 * @param maxOutputSize how many bytes are kept of a step's output; 0 = as many as the product does
 * @param files what lies in the work directory of its steps
 * @param concurrency how much of it may be under way at once
 * @param schedule when it runs by itself, in a source; null = never
 * @param preconditions nothing runs unless all are met
 * @param mails who is written to at its end
 * @param forEach what {@code steps} are made of; null = they are given
 */
public record WorkflowDefinition(
    String name,
    String description,
    String runner,
    List<Parameter> params,
    Map<String, String> env,
    Grants grants,
    Duration timeout,
    Duration delay,
    int maxOutputSize,
    Files files,
    Concurrency concurrency,
    Timetable schedule,
    List<Precondition> preconditions,
    List<Step> steps,
    MailSettings mails,
    ForEach forEach) {
  public WorkflowDefinition {
    mails = mails == null ? MailSettings.NONE : mails;
    grants = Grants.orNone(grants);
    files = files == null ? Files.NONE : files;
    delay = delay == null ? Duration.ZERO : delay;
    concurrency = concurrency == null ? Concurrency.UNLIMITED : concurrency;
    preconditions = preconditions == null ? List.of() : preconditions;
    steps = forEach == null ? steps : forEach.steps();
  }

  /** What a tool or an agent is when it is asked by itself: one step that says all. */
  public static WorkflowDefinition ofOneStep(String name, Step step) {
    return new WorkflowDefinition(
        name,
        "",
        null,
        List.of(),
        Map.of(),
        Grants.NONE,
        Duration.ZERO,
        Duration.ZERO,
        0,
        null,
        Concurrency.UNLIMITED,
        null,
        List.of(),
        List.of(step),
        null,
        null);
  }

  /** What the steps are made of: the same one for each of several items. */
  public record ForEach(Step each, List<String> items) {
    List<Step> steps() {
      return IntStream.range(0, items.size()).mapToObj(i -> each.forItem(i, items.get(i))).toList();
    }
  }

  /** The workflow that a step with several items becomes. */
  public WorkflowDefinition forEach(String step, Action.Parallel parallel, List<String> items) {
    return new WorkflowDefinition(
        name + "/" + step,
        null,
        null,
        List.of(),
        Map.of(),
        grants,
        Duration.ZERO,
        Duration.ZERO,
        maxOutputSize,
        files,
        new Concurrency(parallel.maxConcurrent(), 0, null, false),
        null,
        List.of(),
        List.of(),
        null,
        new ForEach(parallel.each(), items));
  }

  /** The same with other steps in the place of its own. */
  WorkflowDefinition with(List<Step> others) {
    return new WorkflowDefinition(
        name,
        description,
        runner,
        params,
        env,
        grants,
        timeout,
        delay,
        maxOutputSize,
        files,
        concurrency,
        schedule,
        preconditions,
        List.copyOf(others),
        mails,
        forEach);
  }

  /**
   * @param contents by path, with variables
   * @param dotenv paths of files with variables
   */
  public record Files(Map<String, String> contents, List<String> dotenv) {
    public static final Files NONE = new Files(Map.of(), List.of());
  }

  /** How many steps there are before the handlers. */
  public int handlersFrom() {
    int from = steps.size();
    while (from > 0 && steps.get(from - 1).handles() != null) {
      from--;
    }
    return from;
  }

  /**
   * @param maxActiveSteps how many steps of an execution run at once; 0 = any number
   * @param maxActiveRuns how many executions of the workflow's name run at once; 0 = any number
   * @param queue that its executions pass, or null
   * @param skipIfSuccessful a schedule starts none when one has completed since its slot before
   */
  public record Concurrency(
      int maxActiveSteps, int maxActiveRuns, String queue, boolean skipIfSuccessful) {
    public static final Concurrency UNLIMITED = new Concurrency(0, 0, null, false);
  }

  /** The end of an execution that a handler is run at. */
  public enum End {
    SUCCESS,
    FAILURE,
    CANCEL,
    EXIT
  }

  /**
   * A comparison of data.
   *
   * @param condition a text with variables
   * @param expected what it must equal, or {@code re:} and a regular expression that is found in
   *     it; null = the condition must say yes
   * @param negated met when the comparison is not
   */
  public record Precondition(String condition, String expected, boolean negated) {
    private static final Set<String> YES = Set.of("true", "yes", "on", "1");

    /** Why it is not met, as the end of a sentence; null when it is met. */
    public String unmet(Map<String, String> variables) {
      String value;
      try {
        value = Substitution.apply(condition, variables);
      } catch (IllegalArgumentException tooLong) {
        return Quoted.quote(condition) + " is too long: " + tooLong.getMessage();
      }
      if (isMet(value, variables)) {
        return null;
      }
      String is = Quoted.quote(condition) + " is " + Quoted.quote(value);
      return expected == null ? is : is + (negated ? "" : ", not " + Quoted.quote(expected));
    }

    private boolean isMet(String value, Map<String, String> variables) {
      if (expected == null) {
        return YES.contains(value.strip().toLowerCase(Locale.ROOT)) != negated;
      }
      String wanted =
          TextPattern.isExpression(expected) ? expected : Substitution.apply(expected, variables);
      return TextPattern.is(value, wanted) != negated;
    }
  }

  /**
   * When a step that has run is run again.
   *
   * @param until the rule says when to stop; else it says when to go on
   * @param exitCodes the rule: one of these; empty = {@code condition} is the rule
   * @param condition may be null, which is always met
   * @param limit how often it runs at most; zero = any number
   */
  public record RepeatPolicy(
      boolean until,
      List<Integer> exitCodes,
      Precondition condition,
      Duration interval,
      int limit) {
    /**
     * @param completed the attempt did; one that failed is repeated only by a rule of exit codes
     * @param exitCode of the attempt; null when it has none
     * @param variables with the attempt's own output
     */
    public boolean wantsAnother(
        boolean completed, Integer exitCode, Map<String, String> variables) {
      if (!completed && (exitCodes.isEmpty() || exitCode == null)) {
        return false;
      }
      boolean met =
          exitCodes.isEmpty()
              ? condition == null || condition.unmet(variables) == null
              : exitCodes.contains(exitCode);
      return met != until;
    }
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
   * @param timeout of one attempt, its tool's own limit included; zero = none
   * @param program how its program is run
   * @param repeatPolicy null = it runs once
   * @param preconditions it is skipped unless all are met
   * @param handles the end that it is run at; null = an ordinary step
   * @param item the value of {@link #ITEM} for it; null = it has none
   */
  public record Step(
      String name,
      String description,
      List<Integer> depends,
      Action action,
      Map<String, String> env,
      String output,
      Duration timeout,
      Program program,
      RetryPolicy retryPolicy,
      ContinueOn continueOn,
      RepeatPolicy repeatPolicy,
      List<Precondition> preconditions,
      End handles,
      String item) {
    /** The variable of a step that is run once for each of several items. */
    public static final String ITEM = "ITEM";

    public Step {
      if (action instanceof Action.Tool tool) {
        timeout = shorter(timeout, tool.tool().limit());
      }
      program = program == null ? Program.PLAIN : program;
      preconditions = preconditions == null ? List.of() : preconditions;
    }

    /** Zero means none, so it is never the shorter one. */
    static Duration shorter(Duration a, Duration b) {
      if (a.isZero() || b.isZero()) {
        return a.plus(b);
      }
      return a.compareTo(b) < 0 ? a : b;
    }

    /** The same behind these steps. */
    Step behind(List<Integer> indexes) {
      return with(name, indexes, preconditions, item);
    }

    /** The same whatever the preconditions are. */
    Step unconditional() {
      return with(name, depends, List.of(), item);
    }

    /** The same for one item, by itself. */
    Step forItem(int index, String value) {
      return with(name + "[" + index + "]", List.of(), List.of(), value);
    }

    /** The same that runs something else. */
    Step running(Action other) {
      return new Step(
          name,
          description,
          depends,
          other,
          env,
          output,
          timeout,
          program,
          retryPolicy,
          continueOn,
          repeatPolicy,
          preconditions,
          handles,
          item);
    }

    private Step with(
        String otherName,
        List<Integer> otherDepends,
        List<Precondition> otherPreconditions,
        String otherItem) {
      return new Step(
          otherName,
          description,
          otherDepends,
          action,
          env,
          output,
          timeout,
          program,
          retryPolicy,
          continueOn,
          repeatPolicy,
          otherPreconditions,
          handles,
          otherItem);
    }
  }

  /**
   * How a step's program is run, and what stays of it; each text may be null. Texts may hold
   * variables.
   *
   * @param dir the working directory
   * @param stdout a file that takes its standard output when it has ended
   * @param stderr a file that takes its standard error
   * @param signalOnStop the signal that asks it to end, without {@code SIG}
   * @param artifacts what is kept of the work directory when it has ended, each as a {@link
   *     PathPattern}
   */
  public record Program(
      String dir, String stdout, String stderr, String signalOnStop, List<String> artifacts) {
    public static final Program PLAIN = new Program(null, null, null, null, List.of());

    public Program {
      artifacts = artifacts == null ? List.of() : artifacts;
    }
  }

  /** What a step runs. */
  public sealed interface Action {
    /** One line, run by the shell. */
    record Command(String line, List<String> shell) implements Action {}

    /** A program with its arguments, run without a shell. */
    record Arguments(List<String> argv) implements Action {}

    /** A script handed to its interpreter; an empty {@code shell} = {@code /bin/sh}. */
    record Script(String text, List<String> shell) implements Action {}

    /**
     * One of the other programs in a container.
     *
     * @param image may hold variables
     * @param callsApi it gets a token of this installation's API
     */
    record Container(String image, Action program, boolean callsApi) implements Action {
      public Container(String image, Action program) {
        this(image, program, false);
      }
    }

    /** A tool with its arguments, checked against their declaration, defaults filled in. */
    record Tool(ToolDefinition tool, Map<String, String> args) implements Action {}

    /** A tool of a source, which takes its place when the workflow is accepted. */
    record NamedTool(String name, Map<String, String> args) implements Action {}

    /**
     * A person's word, after which the step has completed; nothing is run.
     *
     * @param message what is asked, with variables, or null
     * @param input what the person is to give, each a variable for the steps behind
     */
    record Approval(String message, List<Parameter> input) implements Action {}

    /**
     * Another workflow, which completes or fails the step with it.
     *
     * @param workflow its name
     * @param params values of its parameters, with variables
     */
    record Run(String workflow, Map<String, String> params) implements Action {}

    /**
     * A step once for each of several items, in an execution of its own.
     *
     * @param items a text that becomes a JSON list or lines, with variables; null = {@code list}
     * @param list the items, with variables
     * @param maxConcurrent how many run at once; 0 = any number
     * @param each the step, without what it waits for
     */
    record Parallel(String items, List<String> list, int maxConcurrent, Step each)
        implements Action {
      /** The same items for another step. */
      Parallel of(Step other) {
        return new Parallel(items, list, maxConcurrent, other);
      }
    }

    /**
     * A turn of a conversation with a model, which may call tools until it answers.
     *
     * @param agent the agent's id or name; null = there is none but what is said here
     * @param model its name; null = the agent's, or else the organization's
     * @param instructions what the model is told first; null = the agent's, if there is one
     * @param messages what has been said, with variables; the last one is the user's
     * @param sources ids or names of the sources whose tools it may call, in the place of an
     *     agent's
     * @param secrets names of those that its tools get, in the place of an agent's
     * @param json the answer must be JSON
     * @param temperature null = the model's own
     * @param maxTokens that the model may put out in one answer; null = as many as it does
     */
    record Agent(
        String agent,
        String model,
        String instructions,
        List<Said> messages,
        List<String> sources,
        List<String> secrets,
        boolean json,
        Double temperature,
        Integer maxTokens)
        implements Action {
      public Agent {
        messages = List.copyOf(messages);
        sources = sources == null ? List.of() : List.copyOf(sources);
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
      }

      /** One message of an agent's conversation. */
      public static Agent of(String agent, String message) {
        List<Said> messages = List.of(new Said("user", message));
        return new Agent(agent, null, null, messages, null, null, false, null, null);
      }

      /** The same with other texts. */
      public Agent map(UnaryOperator<String> text) {
        return new Agent(
            agent,
            model,
            instructions == null ? null : text.apply(instructions),
            messages.stream().map(said -> new Said(said.role(), text.apply(said.text()))).toList(),
            sources,
            secrets,
            json,
            temperature,
            maxTokens);
      }
    }

    /**
     * @param role {@code user}, {@code assistant} or {@code system}
     */
    record Said(String role, String text) {}

    /** Whether it calls this installation's API with the rights of who asked for the execution. */
    default boolean callsApi() {
      return false;
    }

    /** Whether another execution does it; a turn's own step is done by the turn. */
    default boolean delegated() {
      return this instanceof Run || this instanceof Parallel || this instanceof Agent;
    }
  }

  /**
   * @param limit how many further attempts; 0 = none
   * @param exponentialBase the factor from one interval to the next; 1 = constant
   * @param maxInterval zero = unbounded
   * @param exitCodes retried only for these; empty = for any failure
   * @param retryOn retried only when any of these is in the output or the error (text, or {@code
   *     re:} and a regular expression); empty = for any failure
   */
  public record RetryPolicy(
      int limit,
      Duration interval,
      double exponentialBase,
      Duration maxInterval,
      List<Integer> exitCodes,
      List<String> retryOn) {
    public static final RetryPolicy NONE =
        new RetryPolicy(0, Duration.ZERO, 1, Duration.ZERO, List.of(), List.of());

    public RetryPolicy {
      retryOn = retryOn == null ? List.of() : retryOn;
    }

    /** How long to wait before the attempt after {@code attempt} (from 1). */
    public Duration delayAfter(int attempt) {
      double factor = Math.pow(exponentialBase, attempt - 1);
      double millis =
          Math.min(interval.toMillis() * factor, (double) Duration.ofDays(30).toMillis());
      Duration delay = Duration.ofMillis((long) millis);
      return maxInterval.isZero() || delay.compareTo(maxInterval) < 0 ? delay : maxInterval;
    }

    /**
     * Whether another attempt may follow the one that failed so.
     *
     * @param exitCode null when it has none
     * @param output null when it keeps none
     */
    public boolean allows(int attempt, Integer exitCode, String output, String error) {
      return attempt <= limit
          && (exitCodes.isEmpty() || (exitCode != null && exitCodes.contains(exitCode)))
          && (retryOn.isEmpty() || isRetriedOn(output) || isRetriedOn(error));
    }

    private boolean isRetriedOn(String text) {
      return text != null && retryOn.stream().anyMatch(each -> TextPattern.isIn(text, each));
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
