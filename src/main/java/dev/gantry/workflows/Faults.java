package dev.gantry.workflows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** The faults found so far; reading goes on after one, so that an answer names them all. */
final class Faults {
  /** More than a person reads, and a bound on what a hostile document makes us answer. */
  private static final int MOST = 1_000;

  private final List<Fault> found = new ArrayList<>();
  private int left;

  void add(Place place, Mark mark, String message) {
    add(place, mark, () -> message);
  }

  /** For a message that costs something to find: not asked for when nobody would read it. */
  void add(Place place, Mark mark, Supplier<String> message) {
    if (found.size() == MOST) {
      left++;
      return;
    }
    found.add(new Fault(place.toString(), message.get(), mark.line(), mark.column()));
  }

  /** For a fault after which the rest of the document has no meaning. */
  InvalidDefinitionException fatal(Place place, Mark mark, String message) {
    List<Fault> all = sorted();
    all.add(new Fault(place.toString(), message, mark.line(), mark.column()));
    return new InvalidDefinitionException(all);
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidDefinitionException(sorted());
    }
  }

  /** In the order of the text; of equal places (all, without a text) in the order of finding. */
  private List<Fault> sorted() {
    List<Fault> all = new ArrayList<>(found);
    all.sort(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column));
    if (left > 0) {
      all.add(new Fault("$", "and " + left + " more faults", 0, 0));
    }
    return all;
  }
}
