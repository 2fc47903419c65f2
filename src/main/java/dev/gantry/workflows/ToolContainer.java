package dev.gantry.workflows;

import java.util.List;
import java.util.Map;

/**
 * What a tool finds in and beside its container; texts may hold variables and, as {@code {{ .arg
 * }}}, arguments.
 *
 * @param repository cloned into the work directory, or null
 */
public record ToolContainer(
    List<File> files, List<Volume> volumes, List<Service> services, Repository repository) {

  /**
   * @param destination absolute, below the work directory, or below the home with {@code ~/}
   */
  public record File(String destination, String content) {}

  /**
   * @param name a label of DNS
   * @param path as a file's destination
   */
  public record Volume(String name, String path) {}

  /**
   * A container that begins before the tool and is ended after it.
   *
   * @param name a label of DNS
   * @param entrypoint empty = the image's own
   * @param ports no two services have the same
   */
  public record Service(
      String name,
      String image,
      Map<String, String> env,
      List<String> entrypoint,
      List<Integer> ports) {}

  /**
   * @param branch null = the repository's own
   * @param dir in the work directory; null = the repository's name
   */
  public record Repository(String url, String branch, String dir) {}
}
