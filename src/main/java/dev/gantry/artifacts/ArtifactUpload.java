package dev.gantry.artifacts;

import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a runner says of a file before it sends it.
 *
 * @param size in bytes
 * @param sha256 64 hexadecimal digits
 * @param executable it is a program; null = it is not
 */
record ArtifactUpload(String path, Long size, String sha256, Boolean executable) {
  private static final int LONGEST_PATH = 1024;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  boolean isExecutable() {
    return Boolean.TRUE.equals(executable);
  }

  /** Fails with 400, telling everything that is wrong. */
  static void check(ArtifactUpload body) {
    Fields fields = new Fields();
    if (body == null) {
      fields.fault("path", "is required");
      fields.check();
      return;
    }
    String wrong = fault(body.path);
    if (wrong != null) {
      fields.fault("path", wrong);
    }
    if (body.size == null || body.size < 0) {
      fields.fault("size", "must be the file's length in bytes");
    }
    if (body.sha256 == null || !SHA256.matcher(body.sha256).matches()) {
      fields.fault("sha256", "must be 64 lower-case hexadecimal digits");
    }
    fields.check();
  }

  /** Fails with 400 for what is no artifact's path. */
  static void checkPath(String path) {
    String wrong = fault(path);
    if (wrong != null) {
      throw ApiException.invalid("path", wrong);
    }
  }

  private static String fault(String path) {
    if (path == null || path.isBlank()) {
      return "is required";
    }
    if (path.length() > LONGEST_PATH) {
      return "is longer than " + LONGEST_PATH + " characters";
    }
    boolean plain =
        Fields.isLine(path)
            && List.of(path.split("/", -1)).stream()
                .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    return plain ? null : "must be a path in the work directory, without . and ..";
  }
}
