package dev.gantry.runner.container;

import dev.gantry.executions.protocol.ContainerSpec.Repository;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a repository gets into the work directory: by git in a container of its own, before the
 * step's, whose image then needs none. A token is git's header for that one host, and in neither
 * the address nor the clone. Pure code.
 *
 * @param command as it is
 * @param target where the clone is then
 * @param environment git's own; {@link #CREDENTIALS} tells the token
 */
public record GitClone(List<String> command, Path target, Map<String, String> environment) {
  /** The variables of the step that it takes: a token or a password, and whose that is. */
  public static final String TOKEN = "GIT_TOKEN";

  public static final String USERNAME = "GIT_USERNAME";

  /** Of git's own variables the one that tells the token. */
  public static final String CREDENTIALS = "GIT_CONFIG_VALUE_0";

  private static final String ANY_NAME = "x-access-token";

  /**
   * @param repository with its texts as they are to be used
   * @param step the environment of the step's program
   * @param home a directory of git's own
   * @throws IllegalArgumentException when there is nothing that could be cloned
   */
  public static GitClone of(Repository repository, Map<String, String> step, Path home) {
    URI url = url(repository.url());
    String branch = repository.branch();
    String dir = repository.dir();
    Path target = Places.inWork("the repository's dir", dir == null ? name(url) : dir);
    List<String> command = new ArrayList<>(List.of("git", "clone", "--quiet", "--depth=1"));
    if (branch != null && !branch.isBlank()) {
      command.add("--branch=" + branch);
    }
    command.addAll(List.of("--", url.toString(), target.toString()));
    return new GitClone(command, target, environment(url, step, home));
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      boolean web =
          List.of("http", "https")
              .contains(String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT));
      if (web && url.getHost() != null && url.getUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(refusal(text), e);
    }
    throw new IllegalArgumentException(refusal(text));
  }

  private static String refusal(String text) {
    return "the repository's url must be one with http or https and without credentials, not "
        + text;
  }

  /** As git itself would name the directory. */
  private static String name(URI url) {
    String path = String.valueOf(url.getPath()).replaceAll("/+$", "").replaceAll("\\.git$", "");
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (name.isBlank()) {
      throw new IllegalArgumentException("the repository's url names no repository: " + url);
    }
    return name;
  }

  private static Map<String, String> environment(URI url, Map<String, String> step, Path home) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("HOME", home.toString());
    environment.put("GIT_TERMINAL_PROMPT", "0");
    String token = step.get(TOKEN);
    if (token != null && "https".equalsIgnoreCase(url.getScheme())) {
      String name = step.getOrDefault(USERNAME, ANY_NAME);
      environment.put("GIT_CONFIG_COUNT", "1");
      environment.put(
          "GIT_CONFIG_KEY_0", "http.https://" + url.getRawAuthority() + "/.extraHeader");
      environment.put(CREDENTIALS, "Authorization: Basic " + base64(name + ":" + token));
    }
    return environment;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
