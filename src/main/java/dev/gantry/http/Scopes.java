package dev.gantry.http;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which groups of routes a key may reach: {@code agents} for all of {@code /agents}, {@code
 * agents:read} to read them. Pure code.
 *
 * @param texts empty = every group
 */
public record Scopes(List<String> texts) {
  private static final String READ = ":read";

  /** The groups that the API has, each the first segment of its paths. */
  public static final Set<String> GROUPS =
      new TreeSet<>(
          List.of(
              "admin",
              "agents",
              "api-keys",
              "audit",
              "chat",
              "events",
              "integrations",
              "mcp",
              "queues",
              "runners",
              "schedules",
              "secrets",
              "sources",
              "tools",
              "webhooks",
              "workflows"));

  /**
   * @param stored separated by blanks
   */
  static Scopes of(String stored) {
    return new Scopes(Arrays.stream(stored.split(" ")).filter(s -> !s.isEmpty()).toList());
  }

  public static boolean isScope(String text) {
    return GROUPS.contains(
        text.endsWith(READ) ? text.substring(0, text.length() - READ.length()) : text);
  }

  boolean allow(String group, boolean reads) {
    return texts.isEmpty() || texts.contains(group) || (reads && texts.contains(group + READ));
  }
}
