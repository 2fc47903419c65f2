package dev.gantry.workflows;

import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Says where a text stops being YAML, and why. */
final class YamlFault {
  private YamlFault() {}

  static InvalidDefinitionException of(YAMLException cause, String text, Faults faults) {
    InvalidDefinitionException fault =
        faults.fatal(Place.ROOT, markOf(cause, text), "not valid YAML: " + reason(cause));
    fault.initCause(cause);
    return fault;
  }

  static Mark mark(org.yaml.snakeyaml.error.Mark at) {
    return at == null ? Mark.NONE : new Mark(at.getLine() + 1, at.getColumn() + 1);
  }

  private static Mark markOf(YAMLException cause, String text) {
    if (cause instanceof MarkedYAMLException marked) {
      return mark(marked.getProblemMark());
    }
    if (cause instanceof ReaderException unreadable) {
      return markAt(text, unreadable.getPosition());
    }
    return Mark.NONE;
  }

  private static String reason(YAMLException cause) {
    if (cause instanceof MarkedYAMLException marked) {
      String context = marked.getContext() == null ? "" : marked.getContext() + ", ";
      return context + marked.getProblem() + begun(marked);
    }
    if (cause instanceof ReaderException unreadable) {
      return "the character U+%04X is not allowed".formatted(unreadable.getCodePoint());
    }
    return cause.getMessage();
  }

  /** A quote that nobody closes is found at the end of the text: say where it was opened. */
  private static String begun(MarkedYAMLException marked) {
    Mark start = mark(marked.getContextMark());
    boolean earlier = start.line() != 0 && start.line() < mark(marked.getProblemMark()).line();
    return earlier ? " (begun in line " + start.line() + ")" : "";
  }

  private static Mark markAt(String text, int position) {
    String before = text.substring(0, Math.min(position, text.length()));
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Mark(line, before.length() - before.lastIndexOf('\n'));
  }
}
