package dev.gantry.executions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of {@code POST /tools/execute}: a tool of a source by its name, or one that the body
 * itself defines.
 *
 * @param name of the tool; for people and lists when there is {@code content}; never blank
 * @param content the script; without it and {@code image}, a source has the tool
 * @param source id or name of the source that has it; needed only where several do
 * @param args handed to the script as environment variables and as {@code {{ .name }}}
 * @param environment further environment variables
 * @param secrets names of secrets, each for the variable of its name
 * @param integrations names or ids of integrations, or {@code kubernetes/incluster}
 */
public record ExecuteTool(
    String name,
    @Schema(enumeration = {"docker"}) String type,
    String image,
    @Schema(description = "The script; without it and image, a source has the tool") String content,
    @Schema(description = "Id or name of the source, where several have the tool") String source,
    @Schema(description = "For the script, as variables and as {{ .name }}")
        Map<String, JsonNode> args,
    String runner,
    @Schema(ref = "Duration") String timeout,
    Map<String, JsonNode> environment,
    @Schema(maxItems = 100, description = "Names of secrets, each for the variable of its name")
        List<String> secrets,
    @Schema(maxItems = 100, description = "Names or ids, or kubernetes/incluster")
        List<String> integrations,
    @Schema(maxLength = 255, description = "The queue it waits in for its turn") String queue,
    @Schema(minimum = "-1000", maximum = "1000", description = "More goes first")
        Integer priority) {}
