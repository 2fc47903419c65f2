package dev.gantry.executions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * The body of {@code POST /tools/execute}: an ad-hoc tool.
 *
 * @param name for people and lists; never blank
 * @param content the script; required
 * @param args handed to the script as environment variables and as {@code {{ .name }}}
 * @param environment further environment variables
 * @param secrets names of secrets, each for the variable of its name
 * @param integrations names or ids of integrations, or {@code kubernetes/incluster}
 */
public record ExecuteTool(
    String name,
    String type,
    String image,
    String content,
    Map<String, JsonNode> args,
    String runner,
    String timeout,
    Map<String, JsonNode> environment,
    List<String> secrets,
    List<String> integrations) {}
