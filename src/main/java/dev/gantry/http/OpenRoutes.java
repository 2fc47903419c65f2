package dev.gantry.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The routes of the API that need no key; there are no others. A hook's address holds a token that
 * nobody can guess, and is judged where hooks are. A path that is written in another way, as with
 * escapes, is none of these. Pure code.
 */
final class OpenRoutes {
  private static final Pattern DOCUMENT =
      Pattern.compile("/api/v1/(schemas/(workflow|events/[a-z._]+)[.]json|asyncapi)");
  private static final Pattern HOOK = Pattern.compile("/api/v1/hooks/([\\w-]+)");

  private OpenRoutes() {}

  /**
   * @param path as it was sent
   */
  static boolean isOpen(String method, String path) {
    return (method.equals("GET") && DOCUMENT.matcher(path).matches())
        || hookToken(method, path).isPresent();
  }

  /** The token in a hook's address. */
  static Optional<String> hookToken(String method, String path) {
    Matcher hook = HOOK.matcher(path);
    return method.equals("POST") && hook.matches() ? Optional.of(hook.group(1)) : Optional.empty();
  }
}
