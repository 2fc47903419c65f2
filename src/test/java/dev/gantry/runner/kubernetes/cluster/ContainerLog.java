package dev.gantry.runner.kubernetes.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.BooleanSupplier;

/**
 * A container's log as a container runtime keeps it in files: an entry for each line, or for each
 * 16 KiB of a longer one, with its time, its stream and whether the line goes on ({@code P}) or
 * ends ({@code F}). When a file is full the next one begins; at most {@code kept} of them stay.
 */
final class ContainerLog {
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);

  private static final int LONGEST = 16 << 10;

  private final Path folder;
  private final Rotation rotation;
  private int current;
  private long size;
  private boolean ended;
  private boolean cut;
  private OutputStream file;

  /** After {@code bytes} in a file a new one begins; {@code kept} of them stay. */
  record Rotation(long bytes, int kept) {
    static final Rotation OFF = new Rotation(Long.MAX_VALUE, 1);
  }

  ContainerLog(Path folder, Rotation rotation) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.rotation = rotation;
    open(0);
  }

  /** Takes a stream's bytes as they come; not shared between threads. */
  final class Stream {
    private final String name;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private Stream(String name) {
      this.name = name;
    }

    void write(byte[] bytes, int length) throws IOException {
      ByteArrayOutputStream entries = new ByteArrayOutputStream();
      for (int i = 0; i < length; i++) {
        if (bytes[i] == '\n') {
          entry('F', entries);
        } else {
          if (line.size() == LONGEST) {
            entry('P', entries);
          }
          line.write(bytes[i]);
        }
      }
      append(entries);
    }

    /** What was written without an end of line stays a line that goes on. */
    void end() throws IOException {
      ByteArrayOutputStream entries = new ByteArrayOutputStream();
      if (line.size() > 0) {
        entry('P', entries);
      }
      append(entries);
    }

    private void entry(char tag, ByteArrayOutputStream entries) {
      String head = TIME.format(Instant.now()) + " " + name + " " + tag + " ";
      entries.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      entries.writeBytes(line.toByteArray());
      entries.write('\n');
      line.reset();
    }
  }

  Stream stream(String name) {
    return new Stream(name);
  }

  /** Nothing will be written any more. */
  synchronized void end() throws IOException {
    ended = true;
    file.close();
    notifyAll();
  }

  /** Readers are cut off: nobody knows how it goes on. */
  synchronized void cut() {
    cut = true;
    notifyAll();
  }

  synchronized boolean isCut() {
    return cut;
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /** Has those look who wait in {@link #awaitMore}. */
  synchronized void wake() {
    notifyAll();
  }

  /** The number of the newest file: where a reader begins, and goes on when its own is full. */
  synchronized int newest() {
    return current;
  }

  Path file(int number) {
    return folder.resolve(number + ".log");
  }

  /** Waits until there is more than this, nothing will be, or the reader has gone. */
  synchronized void awaitMore(int number, long position, BooleanSupplier gone)
      throws InterruptedException {
    while (!ended && !cut && !gone.getAsBoolean() && number == current && position == size) {
      wait(1000);
    }
  }

  private synchronized void append(ByteArrayOutputStream entries) throws IOException {
    if (ended || entries.size() == 0) {
      return;
    }
    if (size > 0 && size + entries.size() > rotation.bytes()) {
      file.close();
      open(current + 1);
    }
    entries.writeTo(file);
    size += entries.size();
    notifyAll();
  }

  private void open(int number) throws IOException {
    current = number;
    size = 0;
    file =
        Files.newOutputStream(
            file(number), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Files.deleteIfExists(file(number - rotation.kept()));
  }
}
