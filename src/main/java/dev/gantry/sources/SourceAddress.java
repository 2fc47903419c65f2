package dev.gantry.sources;

import dev.gantry.http.ApiException;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.URIish;

/**
 * What a caller's {@code source} names: a repository, perhaps a branch and a path in it. Understood
 * are {@code owner/repo}, {@code owner/repo/path/to/workflow.yaml}, {@code
 * https://host/owner/repo}, {@code ssh://git@host/owner/repo}, each of these two with {@code
 * /tree/branch/path}, and {@code git@host:owner/repo}.
 *
 * @param url of the repository
 * @param branch null = the repository's default
 * @param path of the workflow's file, or of the folder that holds it; empty = the top
 */
record SourceAddress(String url, String branch, String path) {
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_.-]*");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_.\\[][A-Za-z0-9_.:%\\[\\]-]*");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
  private static final Pattern SCP = Pattern.compile("[^/:]+:[^:].*");
  private static final Set<String> LOCAL = Set.of("file", "http");

  /** Throws an {@code ApiException} for the field {@code source}. */
  static SourceAddress parse(String source, SourceConfig config) {
    return told("source", () -> read(source, config));
  }

  /**
   * A repository, branch and path that are given apart.
   *
   * @param url anything that {@link #parse} takes
   * @param branch null or empty = what the URL says
   * @param path null or empty = what the URL says; a slash before or behind it is taken away
   * @throws ApiException for the field {@code url}, {@code branch} or {@code path}
   */
  static SourceAddress of(String url, String branch, String path, SourceConfig config) {
    SourceAddress address = told("url", () -> read(url, config));
    String ref = branch == null || branch.isEmpty() ? address.branch : branch;
    String below = path == null || path.isEmpty() ? address.path : path.replaceAll("^/+|/+$", "");
    told("branch", () -> requireBranch(ref));
    told("path", () -> requirePath(below));
    return new SourceAddress(address.url, ref, below);
  }

  private static <T> T told(String field, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(field, e.getMessage());
    }
  }

  private static SourceAddress read(String source, SourceConfig config) {
    if (source == null || source.isBlank()) {
      throw new IllegalArgumentException("is required: owner/repo, or the repository's URL");
    }
    require(source.chars().noneMatch(Character::isISOControl), "must be one line");
    if (source.contains("://")) {
      return url(source, config);
    }
    return SCP.matcher(source).matches() ? scp(source) : shorthand(source, config);
  }

  private static SourceAddress url(String source, SourceConfig config) {
    String[] parts = source.split("/tree/", 2);
    requireAllowed(uri(parts[0]), config);
    if (parts.length < 2) {
      return new SourceAddress(source, null, "");
    }
    String[] place = parts[1].split("/", 2);
    String path = place.length == 2 ? place[1] : "";
    return new SourceAddress(parts[0], requireBranch(place[0]), requirePath(path));
  }

  private static SourceAddress scp(String source) {
    requireSsh(uri(source));
    return new SourceAddress(source, null, "");
  }

  private static SourceAddress shorthand(String source, SourceConfig config) {
    List<String> parts = Arrays.asList(source.split("/"));
    require(parts.size() >= 2, "'" + source + "' is not owner/repo");
    parts.forEach(SourceAddress::requireSegment);
    String path = String.join("/", parts.subList(2, parts.size()));
    return new SourceAddress(
        config.githubUrl() + "/" + parts.get(0) + "/" + parts.get(1), null, path);
  }

  private static URIish uri(String source) {
    try {
      return new URIish(source);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + source + "' is not a URL", e);
    }
  }

  private static void requireAllowed(URIish uri, SourceConfig config) {
    String scheme = String.valueOf(uri.getScheme());
    if (scheme.equals("ssh")) {
      requireSsh(uri);
      return;
    }
    require(
        scheme.equals("https") || (LOCAL.contains(scheme) && config.allowLocal()),
        "takes https and ssh repositories; no other is allowed here");
    require(uri.getUser() == null && uri.getPass() == null, "must not hold credentials");
    if (!scheme.equals("file")) {
      requireHost(uri);
    }
  }

  /** The host, the user and the path become words of a command at the other end. */
  private static void requireSsh(URIish uri) {
    requireHost(uri);
    require(uri.getPass() == null, "must not hold credentials");
    require(
        uri.getUser() == null || USER.matcher(uri.getUser()).matches(),
        "holds a user that is no plain name");
    require(!uri.getPath().startsWith("-"), "holds a path that starts with '-'");
  }

  private static void requireHost(URIish uri) {
    require(
        uri.getHost() != null && HOST.matcher(uri.getHost()).matches(),
        "names no host that there can be");
  }

  private static String requireBranch(String branch) {
    require(
        branch == null
            || (!branch.startsWith("-") && Repository.isValidRefName(Constants.R_HEADS + branch)),
        "holds a branch that there cannot be: '" + branch + "'");
    return branch;
  }

  private static String requirePath(String path) {
    if (!path.isEmpty()) {
      Arrays.stream(path.split("/", -1)).forEach(SourceAddress::requireSegment);
    }
    return path;
  }

  private static void requireSegment(String segment) {
    require(
        SEGMENT.matcher(segment).matches() && !segment.equals("..") && !segment.equals("."),
        "holds a part that is no plain name: '" + segment + "'");
  }

  private static void require(boolean held, String error) {
    if (!held) {
      throw new IllegalArgumentException(error);
    }
  }

  static ApiException invalid(String error) {
    return ApiException.invalid("source", error);
  }
}
