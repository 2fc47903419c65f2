package dev.gantry.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which runner's ledger the commands of one partition were taken into. It is told to Kafka together
 * with the offset, at once or not at all, so that a process which finds a command in its ledger can
 * learn whether it had told of it before it was killed, or another has got it meanwhile.
 *
 * <p>As text, the metadata of the offset: {@code ledger@offset}, newest first, with commas between.
 *
 * @param newestFirst the latest {@value #REMEMBERED} changes from one ledger to another
 */
record Takers(List<Taker> newestFirst) {
  /** Kafka keeps 4,096 bytes with an offset. */
  static final int REMEMBERED = 60;

  static final Takers NOBODY = new Takers(List.of());

  /**
   * @param ledger its {@link Ledger#id}
   * @param from the offset of the first command that it took, until the next taker's first
   */
  record Taker(String ledger, long from) {
    private static Optional<Taker> read(String text) {
      int at = text.lastIndexOf('@');
      try {
        return Optional.of(
            new Taker(text.substring(0, at), Long.parseLong(text.substring(at + 1))));
      } catch (IndexOutOfBoundsException | NumberFormatException otherwise) {
        return Optional.empty();
      }
    }

    @Override
    public String toString() {
      return ledger + "@" + from;
    }
  }

  Takers {
    newestFirst = List.copyOf(newestFirst);
  }

  /** What cannot be read was not written by a runner, and says nothing. */
  static Takers read(String metadata) {
    List<Taker> takers = new ArrayList<>();
    for (String text : metadata.split(",", -1)) {
      Taker.read(text).ifPresent(takers::add);
    }
    return new Takers(takers);
  }

  /** The ledger takes what comes from this offset on. */
  Takers then(String ledger, long from) {
    if (!newestFirst.isEmpty() && newestFirst.get(0).ledger().equals(ledger)) {
      return this;
    }
    List<Taker> takers = new ArrayList<>(newestFirst);
    takers.add(0, new Taker(ledger, from));
    return new Takers(takers.subList(0, Math.min(REMEMBERED, takers.size())));
  }

  /** The ledger that took the command at this offset; empty when that is not remembered. */
  Optional<String> of(long offset) {
    return newestFirst.stream()
        .filter(taker -> taker.from() <= offset)
        .findFirst()
        .map(Taker::ledger);
  }

  /** As it is told to Kafka. */
  String metadata() {
    return newestFirst.stream().map(Taker::toString).collect(Collectors.joining(","));
  }
}
