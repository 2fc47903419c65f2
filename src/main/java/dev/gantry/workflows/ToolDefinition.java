package dev.gantry.workflows;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A tool: an image and a script or an entrypoint, with declared arguments.
 *
 * @param image not blank; {@code alpine} when a definition names none, null when a request does
 * @param content the script, or null when {@code entrypoint} alone is run
 * @param contentUrl where the script is that takes {@code content}'s place when the tool is run, or
 *     null
 * @param env variables that the tool gets besides its arguments
 * @param grants secrets and integrations that it needs
 * @param limit how long it may run, whatever a step allows; zero = it says nothing of that
 * @param container what it wants in and beside its container; null = nothing
 */
public record ToolDefinition(
    String name,
    String description,
    String type,
    String image,
    String content,
    String contentUrl,
    List<Arg> args,
    List<String> entrypoint,
    Map<String, String> env,
    Grants grants,
    Duration limit,
    ToolContainer container) {
  public ToolDefinition {
    grants = Grants.orNone(grants);
    limit = limit == null ? Duration.ZERO : limit;
  }

  /** One that wants nothing in its container. */
  public ToolDefinition(
      String name,
      String description,
      String type,
      String image,
      String content,
      String contentUrl,
      List<Arg> args,
      List<String> entrypoint,
      Map<String, String> env,
      Grants grants,
      Duration limit) {
    this(
        name,
        description,
        type,
        image,
        content,
        contentUrl,
        args,
        entrypoint,
        env,
        grants,
        limit,
        null);
  }

  /** One that has its script itself, if any, and says nothing of how long it may run. */
  public ToolDefinition(
      String name,
      String description,
      String type,
      String image,
      String content,
      List<Arg> args,
      List<String> entrypoint,
      Map<String, String> env,
      Grants grants) {
    this(
        name,
        description,
        type,
        image,
        content,
        null,
        args,
        entrypoint,
        env,
        grants,
        Duration.ZERO);
  }

  /** The same with its script. */
  ToolDefinition withScript(String script) {
    return new ToolDefinition(
        name,
        description,
        type,
        image,
        script,
        null,
        args,
        entrypoint,
        env,
        grants,
        limit,
        container);
  }

  /** The same with these variables and grants. */
  public ToolDefinition with(Map<String, String> otherEnv, Grants otherGrants) {
    return new ToolDefinition(
        name,
        description,
        type,
        image,
        content,
        contentUrl,
        args,
        entrypoint,
        otherEnv,
        otherGrants,
        limit,
        container);
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
