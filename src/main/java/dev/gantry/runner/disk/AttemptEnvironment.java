package dev.gantry.runner.disk;

import dev.gantry.runner.AttemptRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The whole environment of a program: a few things of the host's, the variables, the step's own and
 * who it is. Nothing else of the runner's gets through, since that holds keys.
 */
public final class AttemptEnvironment {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final List<String> FROM_HOST = List.of("PATH", "HOME", "LANG", "TMPDIR");

  /** Linux refuses to start a program with a longer {@code NAME=value}, its end mark included. */
  private static final int LONGEST = 128 * 1024 - 1;

  /** Well below what Linux takes in all, arguments included. */
  private static final int MOST = 1 << 20;

  private AttemptEnvironment() {}

  /**
   * @param notes gets a line for every variable that cannot be passed on
   */
  public static Map<String, String> of(
      AttemptRequest request, Map<String, String> host, List<String> notes) {
    Map<String, String> wanted = new TreeMap<>(request.variables());
    Map<String, String> ofStep = request.step().env();
    if (ofStep != null) {
      ofStep.forEach((name, value) -> wanted.put(name, request.filledWithGrants(value)));
    }
    wanted.putAll(request.grants().variables());
    Map<String, String> environment = fromHost(host);
    addFitting(environment, wanted, notes);
    environment.put("GANTRY_EXECUTION_ID", request.executionId().toString());
    environment.put("GANTRY_STEP", String.valueOf(request.step().name()));
    environment.put("GANTRY_ATTEMPT", Integer.toString(request.step().attempt()));
    return environment;
  }

  /** What every program gets of the host's. */
  public static Map<String, String> fromHost(Map<String, String> host) {
    Map<String, String> environment = new TreeMap<>(host);
    environment.keySet().retainAll(FROM_HOST);
    return environment;
  }

  private static void addFitting(
      Map<String, String> environment, Map<String, String> wanted, List<String> notes) {
    int total = 0;
    for (Map.Entry<String, String> variable : wanted.entrySet()) {
      String name = variable.getKey();
      String value = variable.getValue();
      if (value == null || !NAME.matcher(name).matches()) {
        continue;
      }
      int size = name.length() + 1 + value.getBytes(StandardCharsets.UTF_8).length;
      if (size > LONGEST || total + size > MOST) {
        notes.add("variable " + name + " is left out of the environment: too long");
      } else if (value.indexOf('\0') >= 0) {
        notes.add("variable " + name + " is left out of the environment: it holds a NUL");
      } else {
        environment.put(name, value);
        total += size;
      }
    }
  }
}
