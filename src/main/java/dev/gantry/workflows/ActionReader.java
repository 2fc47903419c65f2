package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads what a step runs: a command, a script, a tool, a request, or a program in a container. */
final class ActionReader {
  private static final Keys EXECUTOR = Keys.of("type", "config");
  private static final Set<String> ALL =
      new TreeSet<>(
          Set.of(
              "agent",
              "command",
              "docker",
              "http",
              "inline_agent",
              "jq",
              "kubiya",
              "llm_completion",
              "ssh",
              "tool"));

  private static final Read NOTHING = new Read(null);

  private final Fields step;

  ActionReader(Fields step) {
    this.step = step;
  }

  /**
   * @param action null after a fault
   * @param timeout the executor's own; zero = none
   * @param env what the executor adds to the step's variables
   */
  record Read(Action action, Duration timeout, Map<String, String> env) {
    Read(Action action, Duration timeout) {
      this(action, timeout, Map.of());
    }

    Read(Action action) {
      this(action, Duration.ZERO);
    }
  }

  Read read() {
    if (step.has("approval")) {
      return ApprovalReader.read(step);
    }
    if (step.has("run")) {
      return RunReader.read(step);
    }
    if (step.has("params")) {
      step.fault("params", "goes with run");
    }
    Field executor = step.get("executor");
    if (executor == null) {
      return commandOrScript();
    }
    if (executor.value() instanceof Value.Scalar) {
      return ofType(executor.text(), executor, null);
    }
    Fields fields = Fields.of(executor, EXECUTOR);
    String type = fields.text("type");
    if (type == null) {
      if (!fields.has("type")) {
        fields.missing("type");
      }
      return NOTHING;
    }
    return ofType(type, fields.get("type"), fields.get("config"));
  }

  private Read ofType(String type, Field at, Field config) {
    return switch (type) {
      case "tool" -> tool(at, config);
      case "docker", "jq", "http", "ssh", "kubiya", "agent", "inline_agent", "llm_completion" ->
          configured(type, at, config);
      case "command" -> {
        if (config != null) {
          config.fault("the executor 'command' takes no config");
        }
        yield commandOrScript();
      }
      default -> {
        at.fault(refusal(type, at));
        yield NOTHING;
      }
    };
  }

  private Read configured(String type, Field at, Field config) {
    if (config == null) {
      at.fault("the executor '" + type + "' needs a config");
      return NOTHING;
    }
    return switch (type) {
      case "jq" -> ContainerReader.jq(config, step);
      case "http", "kubiya" -> HttpReader.read(type, config, step);
      case "ssh" -> SshReader.read(config, step);
      case "agent", "inline_agent", "llm_completion" -> AgentReader.read(type, config, step);
      default -> ContainerReader.docker(config, step, this);
    };
  }

  private static String refusal(String type, Field at) {
    return "unknown executor " + Quoted.quote(type) + at.reading().nearest().hint(type, ALL);
  }

  private Read tool(Field at, Field config) {
    for (String other : List.of("command", "script", "shell")) {
      if (step.has(other)) {
        step.fault(other, "a step of the executor 'tool' runs the tool alone");
      }
    }
    if (config == null) {
      at.fault("the executor 'tool' needs a config with a tool_def");
      return NOTHING;
    }
    return ToolStepReader.read(config);
  }

  Read commandOrScript() {
    boolean command = step.has("command");
    boolean script = step.has("script");
    if (command && script) {
      step.fault("script", "give either command or script; 'shell' names a script's interpreter");
      return NOTHING;
    }
    if (!command && !script) {
      step.fault(
          "runs nothing: give command, script, run, approval or an executor with its config");
      return NOTHING;
    }
    Action action = command ? command(step.get("command")) : script(step.get("script"));
    return new Read(action);
  }

  Action command(Field command) {
    if (command.value() instanceof Value.Sequence) {
      return arguments(command);
    }
    String line = command.text();
    if (line != null && line.isBlank()) {
      command.fault("must not be blank");
    }
    return new Action.Command(line, shell());
  }

  private Action arguments(Field command) {
    List<String> argv = command.texts();
    if (argv.isEmpty() || argv.get(0).isBlank()) {
      command.fault("names no program");
    }
    if (step.has("shell")) {
      step.fault("shell", "an argument list is run without a shell");
    }
    return new Action.Arguments(argv);
  }

  Action script(Field script) {
    String text = script.text();
    if (text != null && text.isBlank()) {
      script.fault("must not be blank");
    }
    return new Action.Script(text, shell());
  }

  /** A list, or a line such as {@code bash -e} that is split at blanks. */
  private List<String> shell() {
    Field shell = step.get("shell");
    if (shell == null) {
      return List.of();
    }
    List<String> words =
        shell.value() instanceof Value.Scalar scalar ? words(scalar.text()) : shell.texts();
    if (words.isEmpty() || words.get(0).isBlank()) {
      shell.fault("names no program");
    }
    return words;
  }

  private static List<String> words(String line) {
    String bare = line.strip();
    return bare.isEmpty() ? List.of() : List.of(bare.split("\\s+", -1));
  }
}
