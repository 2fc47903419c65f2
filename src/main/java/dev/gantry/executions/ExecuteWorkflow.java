package dev.gantry.executions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of {@code POST /workflows/execute}.
 *
 * @param workflow the name of one that a source has; {@code source} is then that source's id or
 *     name, needed only where several do
 * @param type {@code inline} (with {@code definition}), {@code git} or {@code github} (with {@code
 *     source}); without it, {@code inline} when there is a definition, else {@code github}
 * @param definition an object, or YAML or JSON as text
 * @param variables values of the definition's params; anything but text is taken as its JSON
 * @param timeout of the whole execution, as {@code 1800s}
 * @param queue that it waits in for its turn, over the definition's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExecuteWorkflow(
    @Schema(description = "The name of a workflow that a source has") String workflow,
    @Schema(description = "A repository; or, with workflow, the source that has it") String source,
    @Schema(enumeration = {"inline", "git", "github"}) String type,
    @Schema(description = "An object, or YAML or JSON as text") JsonNode definition,
    Map<String, JsonNode> variables,
    Map<String, JsonNode> parameters,
    String runner,
    @Schema(ref = "Duration") String timeout,
    @Schema(maxLength = 255, description = "The queue it waits in for its turn") String queue,
    @Schema(minimum = "-1000", maximum = "1000", description = "More goes first") Integer priority,
    Boolean saveTrace) {

  /**
   * A workflow that a source has, as it is.
   *
   * @param source null = any
   */
  public static ExecuteWorkflow ofSource(String workflow, String source) {
    return new ExecuteWorkflow(
        workflow, source, null, null, null, null, null, null, null, null, null);
  }

  /** The same with one more variable, unless the caller has given it a value. */
  public ExecuteWorkflow with(String name, String value) {
    Map<String, JsonNode> more = new LinkedHashMap<>();
    more.put(name, TextNode.valueOf(value));
    more.putAll(variables == null ? Map.of() : variables);
    return new ExecuteWorkflow(
        workflow,
        source,
        type,
        definition,
        more,
        parameters,
        runner,
        timeout,
        queue,
        priority,
        saveTrace);
  }
}
