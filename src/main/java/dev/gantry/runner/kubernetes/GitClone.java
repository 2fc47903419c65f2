package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.ContainerSpec.Repository;
import dev.gantry.runner.kubernetes.Texts.Text;
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
 * @param environment git's own
 */
record GitClone(List<String> command, Map<String, Text> environment) {
  /** The granted variables that it takes: a token or a password, and whose that is. */
  static final String TOKEN = "GIT_TOKEN";

  static final String USERNAME = "GIT_USERNAME";
  private static final String ANY_NAME = "x-access-token";

  /**
   * @param step the environment of the step's program
   * @throws IllegalArgumentException when there is nothing that could be cloned
   */
  static GitClone of(Repository repository, Texts texts, Map<String, Text> step) {
    URI url = url(texts.visible("the repository's url", repository.url()));
    String branch = texts.visible("the repository's branch", repository.branch());
    String dir = texts.visible("the repository's dir", repository.dir());
    Path target = Places.inWork("the repository's dir", dir == null ? name(url) : dir);
    List<String> command = new ArrayList<>(List.of("git", "clone", "--quiet", "--depth=1"));
    if (branch != null && !branch.isBlank()) {
      command.add("--branch=" + branch);
    }
    command.addAll(List.of("--", url.toString(), target.toString()));
    return new GitClone(command, environment(url, step));
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

  private static Map<String, Text> environment(URI url, Map<String, Text> step) {
    Map<String, Text> environment = new LinkedHashMap<>();
    environment.put("HOME", open(Places.HOME.toString()));
    environment.put("GIT_TERMINAL_PROMPT", open("0"));
    Text token = step.get(TOKEN);
    if (token != null && "https".equalsIgnoreCase(url.getScheme())) {
      String name = step.getOrDefault(USERNAME, open(ANY_NAME)).value();
      environment.put("GIT_CONFIG_COUNT", open("1"));
      environment.put(
          "GIT_CONFIG_KEY_0", open("http.https://" + url.getRawAuthority() + "/.extraHeader"));
      environment.put(
          "GIT_CONFIG_VALUE_0",
          new Text("Authorization: Basic " + base64(name + ":" + token.value()), token.granted()));
    }
    return environment;
  }

  private static Text open(String text) {
    return new Text(text, false);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
