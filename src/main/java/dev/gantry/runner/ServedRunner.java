package dev.gantry.runner;

/**
 * One of the names that this process serves, with all that is its own: names share the slots, the
 * log's buffer and the threads of the process, and nothing else.
 */
record ServedRunner(
    String name,
    Runner runner,
    CommandIntake intake,
    CommandOffsets offsets,
    Leftovers leftovers,
    Adoption adoption)
    implements AutoCloseable {
  @Override
  public void close() {
    adoption.close();
    runner.close();
  }
}
