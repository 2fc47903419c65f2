package dev.gantry.resources;

import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Checks the fields of one request and collects all that is wrong with them, so that a caller hears
 * of it at once. A field that is null was not given and has no fault, unless it is required. Not
 * for more than one thread.
 */
public final class Fields {
  private static final int MAX_ITEMS = 100;
  private static final int MAX_VALUE_BYTES = 32 << 10;

  // \p{Cs} is half of a pair of surrogates, which UTF-8 cannot hold.
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");
  private static final Pattern CONTROL_IN_TEXT = Pattern.compile("[\\p{Cntrl}\\p{Cs}&&[^\t\n\r]]");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

  private final List<Map<String, String>> faults = new ArrayList<>();

  public Fields fault(String field, String error) {
    faults.add(Map.of("field", field, "error", error));
    return this;
  }

  public Fields required(String field, Object value) {
    return value == null ? fault(field, "is required") : this;
  }

  /** Text without control characters; nothing else is in any resource's name. */
  public static boolean isLine(String text) {
    return !CONTROL.matcher(text).find();
  }

  /** One line that is not blank, of at most {@code max} characters. */
  public Fields line(String field, String value, int max) {
    if (value == null) {
      return this;
    }
    if (value.isBlank() || value.codePointCount(0, value.length()) > max) {
      return fault(field, "must have 1 to " + max + " characters");
    }
    return isLine(value) ? this : fault(field, "must be a single line without control characters");
  }

  /** As {@link #line}, or empty to take away what there is. */
  public Fields lineOrEmpty(String field, String value, int max) {
    return value == null || value.isEmpty() ? this : line(field, value, max);
  }

  /** Any text of at most {@code max} bytes in UTF-8. */
  public Fields text(String field, String value, int max) {
    if (value == null) {
      return this;
    }
    if (bytes(value) > max) {
      return fault(field, "must have at most " + max + " bytes");
    }
    return CONTROL_IN_TEXT.matcher(value).find()
        ? fault(field, "must not have control characters")
        : this;
  }

  public Fields oneOf(String field, String value, List<String> known) {
    return value == null || known.contains(value)
        ? this
        : fault(field, "'" + value + "' is not known; there is: " + String.join(", ", known));
  }

  public Fields between(String field, Integer value, int least, int most) {
    return value == null || (value >= least && value <= most)
        ? this
        : fault(field, "must be a number from " + least + " to " + most);
  }

  /** Names of other resources. */
  public Fields names(String field, List<String> names) {
    if (names == null) {
      return this;
    }
    few(field, names.size());
    for (int i = 0; i < names.size(); i++) {
      String place = field + "[" + i + "]";
      required(place, names.get(i)).line(place, names.get(i), 255);
    }
    return this;
  }

  /** The name of a variable of an environment. */
  public Fields variable(String field, String name) {
    return name == null || isVariable(name)
        ? this
        : fault(field, "must be named with letters, digits and _, and not begin with a digit");
  }

  public static boolean isVariable(String name) {
    return VARIABLE.matcher(name).matches();
  }

  /** Variables of an environment. */
  public Fields variables(String field, Map<String, String> variables) {
    if (variables == null) {
      return this;
    }
    few(field, variables.size());
    variables.forEach(
        (name, value) -> {
          String place = field + "." + name;
          variable(place, name).required(place, value).text(place, value, MAX_VALUE_BYTES);
        });
    return this;
  }

  private void few(String field, int size) {
    if (size > MAX_ITEMS) {
      fault(field, "must have at most " + MAX_ITEMS + " entries");
    }
  }

  /** How many bytes the text has in UTF-8. */
  public static int bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Fails with 400 when there is a fault; {@code details} names the first one, and all of several.
   */
  public void check() {
    if (faults.isEmpty()) {
      return;
    }
    Map<String, Object> details = new LinkedHashMap<>(faults.get(0));
    if (faults.size() > 1) {
      details.put("faults", List.copyOf(faults));
    }
    throw new ApiException(ErrorCode.VALIDATION_ERROR, "Invalid request parameters", details);
  }
}
