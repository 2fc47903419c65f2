package dev.gantry.sources;

import dev.gantry.http.ApiException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a caller's {@code source} names: a repository, perhaps a branch and a path in it. Understood
 * are {@code owner/repo}, {@code owner/repo/path/to/workflow.yaml}, {@code
 * https://host/owner/repo}, {@code https://host/owner/repo/tree/branch/path} and any other Git URL
 * for a whole repository.
 *
 * @param url of the repository
 * @param branch null = the repository's default
 * @param path of the workflow's file, or of the folder that holds it; empty = the top
 */
record SourceAddress(String url, String branch, String path) {
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_.-]*");

  static SourceAddress parse(String source, SourceConfig config) {
    if (source == null || source.isBlank()) {
      throw invalid("is required: owner/repo, or the repository's URL");
    }
    if (!source.contains("://")) {
      return shorthand(source, config);
    }
    URI uri = uri(source);
    requireAllowed(uri, config);
    String[] parts = uri.getPath() == null ? new String[0] : uri.getPath().split("/tree/", 2);
    if (parts.length < 2) {
      return new SourceAddress(source, null, "");
    }
    String[] place = parts[1].split("/", 2);
    String path = place.length == 2 ? place[1] : "";
    requireSafe(place[0]);
    requireSafePath(path);
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    String repository = uri.getScheme() + "://" + authority + parts[0];
    return new SourceAddress(repository, place[0], path);
  }

  private static SourceAddress shorthand(String source, SourceConfig config) {
    List<String> parts = Arrays.asList(source.split("/"));
    if (parts.size() < 2) {
      throw invalid("'" + source + "' is not owner/repo");
    }
    parts.forEach(SourceAddress::requireSafe);
    String path = String.join("/", parts.subList(2, parts.size()));
    return new SourceAddress(
        config.githubUrl() + "/" + parts.get(0) + "/" + parts.get(1), null, path);
  }

  private static URI uri(String source) {
    try {
      return new URI(source);
    } catch (URISyntaxException e) {
      throw invalid("'" + source + "' is not a URL: " + e.getReason());
    }
  }

  private static void requireAllowed(URI uri, SourceConfig config) {
    boolean local = "file".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    if (!"https".equals(uri.getScheme()) && !(local && config.allowLocal())) {
      throw invalid("takes https repositories; " + uri.getScheme() + ":// is not allowed here");
    }
    if (uri.getUserInfo() != null) {
      throw invalid("must not hold credentials");
    }
  }

  private static void requireSafePath(String path) {
    if (!path.isEmpty()) {
      Arrays.stream(path.split("/")).forEach(SourceAddress::requireSafe);
    }
  }

  private static void requireSafe(String segment) {
    if (!SEGMENT.matcher(segment).matches() || segment.equals("..") || segment.equals(".")) {
      throw invalid("holds a part that is no plain name: '" + segment + "'");
    }
  }

  static ApiException invalid(String error) {
    return ApiException.invalid("source", error);
  }
}
