package dev.gantry.runner.masking;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The texts by which a secret's value may show in an output: itself, and what usual programs make
 * of it in base64 (RFC 4648, also as part of something longer), URLs (RFC 3986) and JSON (RFC
 * 8259). Pure code.
 */
final class Forms {
  private static final String UNRESERVED = "-_.~";
  private static final Set<String> KEPT_IN_URLS =
      Set.of(UNRESERVED, UNRESERVED + "/", UNRESERVED + "!*'()", "-_.*");
  private static final String HEX = "0123456789abcdef";

  private Forms() {}

  static Set<String> of(String value) {
    Set<String> forms = new LinkedHashSet<>();
    parts(value).forEach(part -> addForms(part, forms));
    return forms;
  }

  /** A value of several lines is also known by each of them: a program may print just one. */
  private static List<String> parts(String value) {
    List<String> parts = new ArrayList<>();
    parts.add(value);
    String stripped = value.strip();
    parts.add(stripped);
    if (stripped.indexOf('\n') >= 0) {
      stripped.lines().map(String::strip).filter(Forms::isTelling).forEach(parts::add);
    }
    return parts;
  }

  /** Lines like {@code }} or {@code ---} are in every output. */
  private static boolean isTelling(String line) {
    return line.length() >= 8 && line.chars().filter(Character::isLetterOrDigit).count() >= 8;
  }

  private static void addForms(String part, Set<String> forms) {
    forms.add(part);
    addBase64(part.getBytes(StandardCharsets.UTF_8), forms);
    addUrl(part, forms);
    for (boolean ascii : new boolean[] {false, true}) {
      forms.add(json(part, ascii, false));
      forms.add(json(part, ascii, true));
    }
  }

  /**
   * In base64 three bytes become four characters, so a text within a longer one has three shapes.
   * The characters at its ends mix with its neighbours' bits and are left out.
   */
  private static void addBase64(byte[] value, Set<String> forms) {
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + value.length];
      System.arraycopy(value, 0, shifted, before, value.length);
      int from = (before * 8 + 5) / 6;
      int to = shifted.length * 8 / 6;
      for (Base64.Encoder alphabet : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        String encoded = alphabet.encodeToString(shifted);
        if (from < to) {
          forms.add(encoded.substring(from, to));
        }
        if (before == 0) {
          forms.add(encoded.replace("=", ""));
        }
      }
    }
  }

  private static void addUrl(String value, Set<String> forms) {
    for (String kept : KEPT_IN_URLS) {
      for (String hex : List.of(HEX, HEX.toUpperCase(Locale.ROOT))) {
        String encoded = url(value, c -> Character.isLetterOrDigit(c) || kept.indexOf(c) >= 0, hex);
        forms.add(encoded);
        forms.add(encoded.replace("%20", "+"));
      }
    }
  }

  private static String url(String value, IntPredicate kept, String hex) {
    StringBuilder text = new StringBuilder();
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0 && kept.test(b)) {
        text.append((char) b);
      } else {
        text.append('%').append(hex.charAt((b >> 4) & 15)).append(hex.charAt(b & 15));
      }
    }
    return text.toString();
  }

  /**
   * @param ascii escapes all that is not ASCII
   * @param slashes escapes {@code /}
   */
  private static String json(String value, boolean ascii, boolean slashes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      int named = "\"\\\b\f\n\r\t".indexOf(c);
      if (named >= 0) {
        text.append('\\').append("\"\\bfnrt".charAt(named));
      } else if (slashes && c == '/') {
        text.append("\\/");
      } else if (c < ' ' || (ascii && c > '~')) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
