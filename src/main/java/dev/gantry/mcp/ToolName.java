package dev.gantry.mcp;

import dev.gantry.tools.DefinitionKind;
import dev.gantry.tools.OfferedDefinitions.Offered;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a definition is called as a tool of the protocol, and back. Clients take 1 to 64 letters,
 * digits, {@code _} and {@code -}. A tool whose name is such and no other source's too goes by its
 * name, a workflow by {@code workflow__NAME}; any other by its id, with a hint at its name. Pure
 * code.
 *
 * @param name null when {@code id} says which
 * @param id null when {@code name} says which
 */
record ToolName(DefinitionKind kind, String name, UUID id) {
  private static final String MARK = "__";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,50}");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern BY_ID =
      Pattern.compile("(tool|workflow)__([0-9a-f]{32})(__[A-Za-z0-9_-]*)?");
  private static final String WORKFLOW = "workflow__";
  private static final int LONGEST_HINT = 20;

  static String of(DefinitionKind kind, Offered offered) {
    if (offered.shared() || !isPlain(offered.name())) {
      return prefix(kind) + hex(offered.id()) + MARK + hint(offered.name());
    }
    return kind == DefinitionKind.TOOL ? offered.name() : WORKFLOW + offered.name();
  }

  /** Empty when nothing can be called so. */
  static Optional<ToolName> parse(String text) {
    Matcher byId = BY_ID.matcher(text);
    if (byId.matches()) {
      DefinitionKind kind = DefinitionKind.valueOf(byId.group(1).toUpperCase(Locale.ROOT));
      return Optional.of(new ToolName(kind, null, id(byId.group(2))));
    }
    boolean workflow = text.startsWith(WORKFLOW);
    String name = workflow ? text.substring(WORKFLOW.length()) : text;
    return isPlain(name)
        ? Optional.of(
            new ToolName(workflow ? DefinitionKind.WORKFLOW : DefinitionKind.TOOL, name, null))
        : Optional.empty();
  }

  private static boolean isPlain(String name) {
    return PLAIN.matcher(name).matches() && !name.contains(MARK) && !HEX.matcher(name).matches();
  }

  private static String prefix(DefinitionKind kind) {
    return kind.name().toLowerCase(Locale.ROOT) + MARK;
  }

  private static String hint(String name) {
    String hint = name.replaceAll("[^A-Za-z0-9-]+", "_");
    return hint.substring(0, Math.min(hint.length(), LONGEST_HINT));
  }

  private static String hex(UUID id) {
    return id.toString().replace("-", "");
  }

  private static UUID id(String hex) {
    return new UUID(
        Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
  }
}
