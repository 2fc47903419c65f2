package dev.gantry.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The program of a step: prints the time at a fixed rate, each line written at once, by the clock
 * that the whole machine shares.
 */
final class Metronome {
  private Metronome() {}

  /** Takes the lines per second, and how many lines. */
  public static void main(String[] arguments) throws IOException {
    int perSecond = Integer.parseInt(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    long begin = System.nanoTime();
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      for (long i = 0; i < count; i++) {
        Clock.parkUntil(begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond);
        out.write((Clock.wallNanos() + "\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
  }
}
