package dev.gantry.workflows;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Puts variables into a text: {@code ${VAR}}, {@code ${VAR:-default}}, {@code ${out.a.b[0]}} (a
 * path into JSON) and {@code {{.var}}}. Names are case-sensitive. It is one pass over data: a value
 * or a default that holds a marker is not expanded, and a marker whose variable is unknown stays as
 * it is, since a shell may know it. For any thread; time is linear in the text and the result.
 */
public final class Substitution {
  /** How long a result may get, in characters: values repeat as often as a text asks for them. */
  public static final int LONGEST = 16 * 1024 * 1024;

  private static final String FIRST = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  private static final String LATER = "0123456789.-[]";

  private final String text;
  private final Lookup lookup;
  private final boolean dollars;
  private final StringBuilder out;

  /** Where a marker with a default begins that the text never closes. */
  private final Set<Integer> unclosed = new HashSet<>();

  private Substitution(String text, Map<String, String> variables, boolean dollars) {
    this.text = text;
    this.lookup = new Lookup(variables);
    this.dollars = dollars;
    this.out = new StringBuilder(text.length() + 64);
  }

  /**
   * The text with its variables put in.
   *
   * @throws IllegalArgumentException when the result gets longer than {@link #LONGEST}
   */
  public static String apply(String text, Map<String, String> variables) {
    return isIn(text) ? new Substitution(text, variables, true).run() : text;
  }

  /**
   * A tool's script with its arguments put in, where they are written {@code {{ .arg }}}. What is
   * written {@code ${arg}} stays the shell's, which takes it from the environment, quotes and all.
   *
   * @throws IllegalArgumentException as {@link #apply}
   */
  public static String arguments(String script, Map<String, String> args) {
    return script.contains("{{") ? new Substitution(script, args, false).run() : script;
  }

  /** Whether {@code text} holds what may be a marker. */
  static boolean isIn(String text) {
    return text.contains("${") || text.contains("{{");
  }

  private String run() {
    int at = 0;
    while (at < text.length()) {
      int end = marker(at);
      if (end < 0) {
        out.append(text.charAt(at));
        end = at + 1;
      }
      if (out.length() > LONGEST) {
        throw new IllegalArgumentException(
            "with its variables put in, the text is longer than " + LONGEST + " characters");
      }
      at = end;
    }
    return out.toString();
  }

  /** Appends what the marker at {@code at} stands for and gives its end; -1 when it stays. */
  private int marker(int at) {
    if (dollars && text.startsWith("${", at)) {
      return braces(at);
    }
    return text.startsWith("{{", at) ? mustache(at) : -1;
  }

  private int braces(int at) {
    int end = referenceEnd(at + 2);
    if (end == at + 2) {
      return -1;
    }
    String value = lookup.value(text.substring(at + 2, end));
    if (text.startsWith("}", end)) {
      return append(value, end + 1);
    }
    if (!text.startsWith(":-", end)) {
      return -1;
    }
    int close = closing(at, end + 2);
    if (close < 0) {
      return -1;
    }
    boolean absent = value == null || value.isEmpty();
    return append(absent ? text.substring(end + 2, close) : value, close + 1);
  }

  private int mustache(int at) {
    int dot = skipBlanks(at + 2);
    if (!text.startsWith(".", dot)) {
      return -1;
    }
    int end = referenceEnd(dot + 1);
    int close = skipBlanks(end);
    if (end == dot + 1 || !text.startsWith("}}", close)) {
      return -1;
    }
    return append(lookup.value(text.substring(dot + 1, end)), close + 2);
  }

  private int append(String value, int end) {
    if (value == null) {
      return -1;
    }
    out.append(value);
    return end;
  }

  private int skipBlanks(int at) {
    int i = at;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    return i;
  }

  private int referenceEnd(int start) {
    int i = start;
    while (i < text.length() && isOfReference(text.charAt(i), i == start)) {
      i++;
    }
    return i;
  }

  private static boolean isOfReference(char c, boolean first) {
    return first ? FIRST.indexOf(c) >= 0 : FIRST.indexOf(c) >= 0 || LATER.indexOf(c) >= 0;
  }

  /**
   * The brace that closes the default of the marker at {@code marker}, -1 when none does; nested
   * {@code ${…}} close first, as in a shell. A search that fails has seen the whole rest of the
   * text, so it remembers every marker left open: that keeps the time linear.
   */
  private int closing(int marker, int from) {
    if (unclosed.contains(marker)) {
      return -1;
    }
    Deque<Integer> open = new ArrayDeque<>();
    open.push(marker);
    for (int i = from; i < text.length(); i++) {
      if (text.startsWith("${", i)) {
        open.push(i++);
      } else if (text.charAt(i) == '}') {
        open.pop();
        if (open.isEmpty()) {
          return i;
        }
      }
    }
    unclosed.addAll(open);
    return -1;
  }
}
