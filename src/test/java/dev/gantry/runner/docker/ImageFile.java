package dev.gantry.runner.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A file of an image that is made by hand.
 *
 * @param path in the image, without a slash before it
 * @param from a file of this host with its content; null for a link
 * @param link where it leads
 */
record ImageFile(String path, Path from, String link) {
  static ImageFile copy(String path, Path from) {
    return new ImageFile(path, from, null);
  }

  static ImageFile link(String path, String to) {
    return new ImageFile(path, null, to);
  }

  /** A shell and what it can run. */
  static List<ImageFile> busybox() {
    List<ImageFile> files = new ArrayList<>();
    files.add(copy("bin/busybox", DockerDaemon.BUSYBOX));
    output(DockerDaemon.BUSYBOX.toString(), "--list")
        .lines()
        .filter(name -> !name.equals("busybox"))
        .forEach(name -> files.add(link("bin/" + name, "busybox")));
    return files;
  }

  /** What a program of this host prints. */
  static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of these files, each of which may be executed, and an empty {@code /tmp} for everyone. */
  static byte[] archive(List<ImageFile> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      TarArchiveEntry tmp = new TarArchiveEntry("tmp/");
      tmp.setMode(01777);
      tar.putArchiveEntry(tmp);
      tar.closeArchiveEntry();
      for (ImageFile file : files) {
        file.write(tar);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(TarArchiveOutputStream tar) throws IOException {
    if (from == null) {
      TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
      entry.setLinkName(link);
      tar.putArchiveEntry(entry);
    } else {
      TarArchiveEntry entry = new TarArchiveEntry(path);
      entry.setMode(0755);
      entry.setSize(Files.size(from));
      tar.putArchiveEntry(entry);
      Files.copy(from, tar);
    }
    tar.closeArchiveEntry();
  }
}
