package dev.gantry.workflows;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks a call's arguments against what the tool declares, and fills in the defaults. */
public final class ToolArguments {
  private final ToolDefinition tool;
  private final boolean texts;
  private final Map<String, String> complete = new LinkedHashMap<>();

  private ToolArguments(ToolDefinition tool, boolean texts) {
    this.tool = tool;
    this.texts = texts;
  }

  /**
   * The complete arguments in the order of their declaration. One without a value is left out; a
   * null counts as absent.
   *
   * @throws InvalidDefinitionException with all faults, at {@code args.NAME}
   */
  public static Map<String, String> check(ToolDefinition tool, Map<String, String> args) {
    Reading reading = new Reading();
    Place place = Place.ROOT.key("args");
    Field at = new Field(place, new Value.Nothing(Mark.NONE), reading);
    Map<String, String> complete = new ToolArguments(tool, false).all(args, at);
    reading.faults().throwIfAny();
    return complete;
  }

  /** The same in a workflow, where a value may hold {@code ${NAME}} and is not known before. */
  static Map<String, String> inDefinition(ToolDefinition tool, Map<String, String> args, Field at) {
    return new ToolArguments(tool, true).all(args, at);
  }

  static String notAmong(String value, List<String> options) {
    String all = options.stream().limit(20).map(Quoted::shown).collect(Collectors.joining(", "));
    return "must be one of " + all + ", not " + Quoted.quote(value);
  }

  private Map<String, String> all(Map<String, String> args, Field at) {
    Map<String, ToolDefinition.Arg> declared = new LinkedHashMap<>();
    for (ToolDefinition.Arg arg : tool.args()) {
      if (arg.name() != null) {
        declared.put(arg.name(), arg);
        one(arg, args.get(arg.name()), at);
      }
    }
    args.keySet().stream()
        .filter(name -> !declared.containsKey(name))
        .forEach(name -> unknown(name, declared, at));
    return Collections.unmodifiableMap(complete);
  }

  private void one(ToolDefinition.Arg arg, String given, Field at) {
    String value = given == null ? arg.value() : given;
    if (value == null) {
      if (arg.required()) {
        fault(at, arg.name(), "is missing: the tool " + toolName() + " requires it");
      }
      return;
    }
    complete.put(arg.name(), value);
    if (given != null) {
      check(arg, given, at);
    }
  }

  private void check(ToolDefinition.Arg arg, String given, Field at) {
    if (texts && Substitution.isIn(given)) {
      return;
    }
    ValueType type = ValueType.of(arg.type());
    if (!type.takes(given)) {
      fault(at, arg.name(), type.refusal(given));
    } else if (!arg.options().isEmpty() && !arg.options().contains(given)) {
      fault(at, arg.name(), notAmong(given, arg.options()));
    }
  }

  private void unknown(String name, Map<String, ToolDefinition.Arg> declared, Field at) {
    String hint = at.reading().nearest().hint(name, declared.keySet());
    fault(at, name, "the tool " + toolName() + " has no argument " + Quoted.quote(name) + hint);
  }

  private String toolName() {
    return tool.name() == null ? "" : Quoted.quote(tool.name());
  }

  private static void fault(Field at, String name, String message) {
    Mark mark = at.value().mark();
    if (at.value() instanceof Value.Mapping args && args.entries().containsKey(name)) {
      mark = args.entries().get(name).key();
    }
    at.reading().faults().add(at.place().key(name), mark, message);
  }
}
