package dev.gantry.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a file of a source defines: tools (it has {@code tools}), a workflow (it has {@code steps}),
 * or nothing, as most files of a repository do. What is faulty is left out and told, and the rest
 * of the file still counts. Pure, for any thread; as costly as {@link WorkflowParser}.
 *
 * @param workflow empty when the file holds none, or a faulty one
 * @param isTools whether the faults are those of tools
 * @param faults of all that was left out, each with its place
 */
public record DefinitionFile(
    List<Tool> tools, Optional<WorkflowDefinition> workflow, boolean isTools, List<Fault> faults) {
  /** For a text that is no document: is it one of ours, or anything else that looks alike? */
  private static final Pattern LOOKS_LIKE_OURS =
      Pattern.compile("(?m)^(\\s*\\{)?\\s*\"(tools|steps)\"\\s*:|^'?(tools|steps)'?\\s*:");

  private static final Pattern LOOKS_LIKE_TOOLS =
      Pattern.compile("(?m)^(\\s*\\{)?\\s*\"tools\"\\s*:|^'?tools'?\\s*:");

  private static final DefinitionFile NOTHING = of(false, List.of());

  /**
   * A tool of the file.
   *
   * @param json its definition by itself, for {@link ToolParser}; every scalar is a text
   */
  public record Tool(ToolDefinition definition, String json) {}

  /** Reads a file's text. */
  public static DefinitionFile read(String text) {
    Reading reading = new Reading();
    Value document;
    try {
      document = WorkflowParser.document(text, reading.faults());
      reading.faults().throwIfAny();
    } catch (InvalidDefinitionException broken) {
      return LOOKS_LIKE_OURS.matcher(text).find()
          ? of(LOOKS_LIKE_TOOLS.matcher(text).find(), broken.faults())
          : NOTHING;
    }
    if (has(document, "steps")) {
      return workflow(() -> WorkflowParser.parse(text));
    }
    return has(document, "tools") ? tools((Value.Mapping) document) : NOTHING;
  }

  /** Reads one tool, a list of tools or {@code tools: […]}, as a tree or as text. */
  public static DefinitionFile readTools(JsonNode given) {
    try {
      Faults faults = new Faults();
      Value document =
          given.isTextual()
              ? WorkflowParser.document(given.textValue(), faults)
              : JsonReader.read(given, faults);
      faults.throwIfAny();
      if (has(document, "tools")) {
        return tools((Value.Mapping) document);
      }
      List<Value> items =
          document instanceof Value.Sequence sequence ? sequence.items() : List.of(document);
      return new ToolsReader(new ArrayList<>()).items(items, Place.ROOT);
    } catch (InvalidDefinitionException broken) {
      return of(true, broken.faults());
    }
  }

  /** Reads a workflow, as a tree or as text. */
  public static DefinitionFile readWorkflow(JsonNode given) {
    return workflow(() -> WorkflowParser.parse(given));
  }

  private interface Parse {
    WorkflowDefinition workflow();
  }

  private static DefinitionFile workflow(Parse parse) {
    try {
      return new DefinitionFile(List.of(), Optional.of(parse.workflow()), false, List.of());
    } catch (InvalidDefinitionException faulty) {
      return of(false, faulty.faults());
    }
  }

  /** The tools of a document; another key beside them is told, and does not take them away. */
  private static DefinitionFile tools(Value.Mapping document) {
    Reading reading = new Reading();
    Fields fields = Fields.of(new Field(Place.ROOT, document, reading), Keys.of("tools"));
    List<Field> items = fields.has("tools") ? fields.get("tools").items() : List.of();
    List<Fault> faults = new ArrayList<>();
    try {
      reading.faults().throwIfAny();
    } catch (InvalidDefinitionException faulty) {
      faults.addAll(faulty.faults());
    }
    return new ToolsReader(faults)
        .items(items.stream().map(Field::value).toList(), Place.ROOT.key("tools"));
  }

  private static boolean has(Value document, String key) {
    return document instanceof Value.Mapping mapping
        && mapping.entries().containsKey(key)
        && !(mapping.entries().get(key).value() instanceof Value.Nothing);
  }

  private static DefinitionFile of(boolean isTools, List<Fault> faults) {
    return new DefinitionFile(List.of(), Optional.empty(), isTools, faults);
  }
}
