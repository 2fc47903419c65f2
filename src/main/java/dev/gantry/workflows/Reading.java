package dev.gantry.workflows;

/** What the readers of one document share: the faults and the search for near names. */
record Reading(Faults faults, Nearest nearest) {
  Reading() {
    this(new Faults(), new Nearest());
  }
}
