package dev.gantry.embedded;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands on the command line of {@code gantry}.
 *
 * @param file the workflow of {@code gantry run}, or null
 * @param checked the files of {@code gantry validate}; empty for every other command
 * @param topics the topics of a running Gantry are looked at
 * @param port of the API; 0 = any free one
 * @param runner the backend of the runner
 */
record Options(
    Path file,
    List<Path> checked,
    boolean topics,
    Map<String, String> variables,
    boolean json,
    int port,
    int kafkaPort,
    Path data,
    String runner) {
  private static final String LOCAL = "local";
  private static final Path DEFAULT_DATA = Path.of(System.getProperty("user.home"), ".gantry");
  private static final List<String> RUNNERS = List.of(LOCAL, "docker", "kubernetes");

  static final String HELP =
      """
      gantry                    start everything here: PostgreSQL, Kafka, the API, a runner
      gantry run FILE           run a workflow file and follow it
                                (against GANTRY_URL and GANTRY_API_KEY when they are set)
      gantry validate FILE...   check files of workflows and tools; starts nothing
      gantry topics             check the topics of a Gantry that runs, on Kafka: that of --data, or
                                of GANTRY_URL and GANTRY_API_KEY

        --port N                the API's port (8080)
        --kafka-port N          Kafka's port (9092)
        --data DIR              where everything is kept (~/.gantry)
        --runner KIND           runs the steps as processes of this machine (local), as containers of
                                Docker or Podman (docker: DOCKER_HOST, or /var/run/docker.sock), or
                                as Jobs (kubernetes: the current kubeconfig and its namespace)
        --var NAME=VALUE        for run: a variable, as often as needed
        --json                  for run: one JSON object per line instead of text
        --help

      gantry validate exits with 0 all valid, 2 faults, told as FILE:LINE:COLUMN: PLACE: FAULT.
      gantry topics exits with 0 all right, 1 faults, 3 could not reach.
      gantry run exits with 0 completed, 1 failed, 2 invalid definition, 3 could not start or reach.
      """;

  /** A command line that cannot be understood; the message says what to do. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }

  boolean serves() {
    return file == null && checked.isEmpty() && !topics;
  }

  static Options parse(List<String> arguments) throws UsageException {
    String command = arguments.isEmpty() ? "" : arguments.get(0);
    return switch (command) {
      case "validate" -> validate(arguments.subList(1, arguments.size()));
      case "topics" -> topics(arguments.subList(1, arguments.size()));
      default -> runOrServe(arguments);
    };
  }

  private static Options topics(List<String> arguments) throws UsageException {
    Path data = DEFAULT_DATA;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "--check" -> {} // it does nothing else
        case "--data" -> data = Path.of(value(arguments, ++i, argument));
        default ->
            throw new UsageException("unknown argument '" + argument + "'; see gantry --help");
      }
    }
    return new Options(null, List.of(), true, Map.of(), false, 0, 0, data.toAbsolutePath(), LOCAL);
  }

  private static Options validate(List<String> arguments) throws UsageException {
    for (String argument : arguments) {
      if (argument.startsWith("-")) {
        throw new UsageException("unknown argument '" + argument + "'; see gantry --help");
      }
    }
    if (arguments.isEmpty()) {
      throw new UsageException("gantry validate needs a file; see gantry --help");
    }
    List<Path> files = arguments.stream().map(Path::of).toList();
    return new Options(null, files, false, Map.of(), false, 0, 0, null, LOCAL);
  }

  private static Options runOrServe(List<String> arguments) throws UsageException {
    Path file = null;
    Map<String, String> variables = new LinkedHashMap<>();
    boolean json = false;
    boolean run = !arguments.isEmpty() && arguments.get(0).equals("run");
    int port = run ? 0 : 8080;
    int kafkaPort = run ? 0 : 9092;
    Path data = DEFAULT_DATA;
    String runner = LOCAL;
    for (int i = run ? 1 : 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "--json" -> json = true;
        case "--port" -> port = port(argument, value(arguments, ++i, argument));
        case "--kafka-port" -> kafkaPort = port(argument, value(arguments, ++i, argument));
        case "--data" -> data = Path.of(value(arguments, ++i, argument));
        case "--runner" -> runner = runner(value(arguments, ++i, argument));
        case "--var" -> variable(variables, value(arguments, ++i, argument));
        default -> {
          if (!run || file != null || argument.startsWith("-")) {
            throw new UsageException("unknown argument '" + argument + "'; see gantry --help");
          }
          file = Path.of(argument);
        }
      }
    }
    if (run && file == null) {
      throw new UsageException("gantry run needs a workflow file; see gantry --help");
    }
    return new Options(
        file, List.of(), false, variables, json, port, kafkaPort, data.toAbsolutePath(), runner);
  }

  private static String value(List<String> arguments, int index, String option)
      throws UsageException {
    if (index >= arguments.size()) {
      throw new UsageException(option + " needs a value; see gantry --help");
    }
    return arguments.get(index);
  }

  private static int port(String option, String text) throws UsageException {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // answered below, like a number out of bounds
    }
    throw new UsageException(option + " takes a port number, not '" + text + "'");
  }

  private static String runner(String name) throws UsageException {
    if (!RUNNERS.contains(name)) {
      throw new UsageException(
          "--runner takes one of " + String.join(", ", RUNNERS) + ", not '" + name + "'");
    }
    return name;
  }

  private static void variable(Map<String, String> variables, String text) throws UsageException {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new UsageException("--var takes NAME=VALUE, not '" + text + "'");
    }
    variables.put(text.substring(0, equals), text.substring(equals + 1));
  }
}
