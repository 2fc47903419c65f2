package dev.gantry.workflows;

import java.util.List;
import java.util.Map;

/**
 * A tool: an image and a script or an entrypoint, with declared arguments.
 *
 * @param image not blank; {@code alpine} when a definition names none, null when a request does
 * @param content the script, or null when {@code entrypoint} alone is run
 * @param env variables that the tool gets besides its arguments
 * @param grants secrets and integrations that it needs
 */
public record ToolDefinition(
    String name,
    String description,
    String type,
    String image,
    String content,
    List<Arg> args,
    List<String> entrypoint,
    Map<String, String> env,
    Grants grants) {
  public ToolDefinition {
    grants = Grants.orNone(grants);
  }

  /**
   * @param value the default, or null
   * @param options the only values allowed; empty = any
   */
  public record Arg(
      String name,
      String type,
      String description,
      boolean required,
      String value,
      List<String> options) {}
}
