package dev.gantry.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * The proportional set size (PSS) of a whole installation: pages that several of its processes
 * share count once in the sum, where resident set sizes would count PostgreSQL's buffers for each
 * of its processes. Linux only.
 */
final class ProcessMemory {
  private static final long KIB = 1024;

  private ProcessMemory() {}

  /**
   * The launcher with its descendants, and PostgreSQL, which has left that tree.
   *
   * @param postmaster the file whose first line is the process id of PostgreSQL
   */
  static long of(ProcessHandle launcher, Path postmaster) throws IOException {
    Map<Long, ProcessHandle> all = new LinkedHashMap<>();
    tree(launcher).forEach(process -> all.put(process.pid(), process));
    long postgres = Long.parseLong(Files.readAllLines(postmaster).get(0).trim());
    ProcessHandle.of(postgres).stream()
        .flatMap(ProcessMemory::tree)
        .forEach(process -> all.put(process.pid(), process));
    WrongResultException.require(all.containsKey(postgres), "PostgreSQL does not run", postgres);
    long sum = 0;
    for (ProcessHandle process : all.values()) {
      sum += pss(process);
    }
    return sum;
  }

  private static Stream<ProcessHandle> tree(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants());
  }

  /** What one process holds, in bytes, with all that it shares: what a container is charged for. */
  static long resident(ProcessHandle process) throws IOException {
    return sum(process, "Rss:");
  }

  private static long pss(ProcessHandle process) throws IOException {
    return sum(process, "Pss:");
  }

  /** Zero for a process that has just ended. */
  private static long sum(ProcessHandle process, String field) throws IOException {
    Path rollup = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
    try (Stream<String> lines = Files.lines(rollup)) {
      return lines.filter(line -> line.startsWith(field)).mapToLong(ProcessMemory::kib).sum() * KIB;
    } catch (IOException | UncheckedIOException e) {
      if (!process.isAlive()) {
        return 0;
      }
      throw new IOException("cannot read " + rollup + ": memory is measured on Linux only", e);
    }
  }

  private static long kib(String line) {
    return Stream.of(line.split("\\s+"))
        .filter(word -> word.matches("\\d+"))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(line));
  }
}
