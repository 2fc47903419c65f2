package dev.gantry.workflows;

import java.util.List;

/** The definition cannot be run; {@link #faults()} names everything that is wrong, never empty. */
public final class InvalidDefinitionException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Fault> faults;

  public InvalidDefinitionException(List<Fault> faults) {
    super(faults.get(0).place() + ": " + faults.get(0).message());
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
