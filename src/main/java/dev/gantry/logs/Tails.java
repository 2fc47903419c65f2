package dev.gantry.logs;

import dev.gantry.logs.StepLogs.Printed;
import dev.gantry.logs.StepLogs.StepLog;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the steps of an execution printed, within a bound: once it is more, those that printed most
 * lose what they printed first, as much as makes them equal. Holds at most twice the bound. Not
 * safe for several threads.
 */
final class Tails {
  private static final byte[] LINE_END = {'\n'};

  private final int mostBytes;
  private final Map<Integer, Step> steps = new HashMap<>();
  private long size;

  Tails(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** One step: which attempt printed last, and when. */
  private static final class Step {
    private final int index;
    private final String name;
    private final Tail text = new Tail();
    private int attempt = 1;
    private long lastOffset;

    Step(int index, String name) {
      this.index = index;
      this.name = name;
    }

    int index() {
      return index;
    }

    long lastOffset() {
      return lastOffset;
    }

    Tail text() {
      return text;
    }

    StepLog log() {
      return new StepLog(name, text.toArray(), text.cut());
    }
  }

  /** Takes what is new in an entry; they come in order. */
  void add(Chunk.Entry entry) {
    if (entry.known() == entry.batch().count()) {
      return;
    }
    int index = entry.batch().step();
    Step step = steps.computeIfAbsent(index, key -> new Step(key, entry.batch().name()));
    size -= step.text.size();
    if (entry.batch().attempt() != step.attempt) {
      step.attempt = entry.batch().attempt();
      byte[] begins = ("--- attempt " + step.attempt + " ---\n").getBytes(StandardCharsets.UTF_8);
      step.text.add(begins, 0, begins.length);
    }
    step.lastOffset = entry.offset();
    addLines(entry, step.text);
    size += step.text.size();
    if (size > 2L * mostBytes) {
      size = cut(steps.values());
    }
  }

  private static void addLines(Chunk.Entry entry, Tail text) {
    long firstNew = entry.batch().firstSeq() + entry.known();
    entry
        .batch()
        .forEachLine(
            (seq, millis, level, continued, buffer, offset, length) -> {
              if (seq >= firstNew) {
                text.add(buffer, offset, length);
                text.add(LINE_END, 0, continued ? 0 : 1);
              }
            });
  }

  /**
   * @param mostSteps if there are more, of those that printed last
   */
  Printed printed(int mostSteps) {
    List<Step> last =
        steps.values().stream()
            .sorted(Comparator.comparingLong(Step::lastOffset).reversed())
            .limit(mostSteps)
            .sorted(Comparator.comparingInt(Step::index))
            .toList();
    cut(last);
    return new Printed(last.stream().map(Step::log).toList(), steps.size() - last.size());
  }

  /** Answers how much they are then together. */
  private long cut(Collection<Step> chosen) {
    int share = share(chosen.stream().mapToInt(step -> step.text().size()).toArray());
    chosen.forEach(step -> step.text().keep(share));
    return chosen.stream().mapToLong(step -> step.text().size()).sum();
  }

  /** How much of each may be kept, so that all that is larger ends up equal. */
  private int share(int[] sizes) {
    Arrays.sort(sizes);
    int left = mostBytes;
    for (int i = 0; i < sizes.length; i++) {
      int even = left / (sizes.length - i);
      if (sizes[i] > even) {
        return even;
      }
      left -= sizes[i];
    }
    return mostBytes;
  }
}
