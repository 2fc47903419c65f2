package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.ProtocolJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Messages as values of annotations, packed: all annotations of an object share 256 KiB. */
final class PackedJson {
  /** What the rest of a Job's annotations leaves, in characters. */
  private static final int LONGEST = 96 * 1024;

  /** A message that grows beyond this was not written by a runner. */
  private static final int LARGEST = 16 << 20;

  private PackedJson() {}

  /**
   * @throws IllegalArgumentException when it is too large for an annotation
   */
  static String write(Object message) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(ProtocolJson.write(message));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = Base64.getEncoder().encodeToString(packed.toByteArray());
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the step and those behind it take "
              + text.length()
              + " bytes, packed; a Job keeps "
              + LONGEST
              + " at most: put large texts into the image or into files of a repository");
    }
    return text;
  }

  static <T> T read(String text, Class<T> type) throws IOException {
    byte[] packed = Base64.getDecoder().decode(text);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return ProtocolJson.read(in.readNBytes(LARGEST), type);
    }
  }
}
