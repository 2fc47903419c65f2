package dev.gantry.workflows;

/** The path to a value in a document; its text is made only when a fault needs it. */
record Place(Place parent, String step, boolean item) {
  static final Place ROOT = new Place(null, "$", false);

  Place key(String name) {
    return new Place(this, name, false);
  }

  Place item(int index) {
    return new Place(this, Integer.toString(index), true);
  }

  /** {@code steps[2].depends}; {@code $} for the document itself. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    write(text);
    return text.isEmpty() ? step : text.toString();
  }

  private void write(StringBuilder text) {
    if (parent == null) {
      return;
    }
    parent.write(text);
    if (item) {
      text.append('[').append(step).append(']');
      return;
    }
    if (!text.isEmpty()) {
      text.append('.');
    }
    text.append(Quoted.shown(step));
  }
}
