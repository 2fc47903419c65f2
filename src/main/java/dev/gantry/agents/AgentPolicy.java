package dev.gantry.agents;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.type.TypeReference;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gantry.platform.Durations;
import dev.gantry.resources.Fields;
import dev.gantry.resources.JsonColumn;
import jakarta.persistence.Converter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What an agent may do when it talks. Immutable, pure code.
 *
 * @param rules the first that means a call decides; a call that none means is allowed
 * @param budgets what one turn may take
 */
@JsonInclude(Include.NON_NULL)
@Schema(name = "AgentPolicy")
public record AgentPolicy(@Schema(maxItems = 100) List<Rule> rules, Budgets budgets) {
  public static final AgentPolicy NONE = new AgentPolicy(null, null);

  private static final int MAX_RULES = 100;
  private static final int MAX_LINE = 255;
  private static final int MAX_PATTERN = 1000;
  private static final String EXPRESSION = "re:";

  /** What becomes of a call. */
  public enum Effect {
    ALLOW,
    DENY,
    ASK;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * @param effect {@code allow}, {@code deny} or {@code ask}, which has a person decide
   * @param tool a tool's name, in which {@code *} stands for any text
   * @param args patterns of arguments by name, all of which must match: as {@code tool}, or {@code
   *     re:} and a regular expression that is found in it; an argument without a value is empty
   * @param reason what the model and a person are told, or null
   */
  @JsonInclude(Include.NON_EMPTY)
  @Schema(name = "AgentRule")
  public record Rule(
      @Schema(enumeration = {"allow", "deny", "ask"}) String effect,
      @Schema(maxLength = 255, description = "A tool's name; * stands for any text") String tool,
      @Schema(description = "Patterns of arguments: as tool, or re: and an expression")
          Map<String, String> args,
      @Schema(maxLength = 1000) String reason) {

    @JsonIgnore
    public Effect kind() {
      return Stream.of(Effect.values()).filter(e -> e.text().equals(effect)).findFirst().get();
    }

    /** Whether it means every call of a tool. */
    boolean meansAll(String name) {
      return glob(tool).matches(name) && (args == null || args.isEmpty());
    }

    boolean means(String name, Map<String, String> given) {
      return glob(tool).matches(name)
          && (args == null
              || args.entrySet().stream()
                  .allMatch(arg -> isIn(given.getOrDefault(arg.getKey(), ""), arg.getValue())));
    }

    private static boolean isIn(String value, String pattern) {
      return pattern.startsWith(EXPRESSION)
          ? Pattern.compile(pattern.substring(EXPRESSION.length())).matcher(value).find()
          : glob(pattern).matches(value);
    }

    private void check(Fields fields, String place) {
      fields
          .required(place + ".effect", effect)
          .oneOf(place + ".effect", effect, Stream.of(Effect.values()).map(Effect::text).toList())
          .required(place + ".tool", tool)
          .line(place + ".tool", tool, MAX_LINE)
          .text(place + ".reason", reason, MAX_PATTERN);
      if (args != null) {
        args.forEach((name, pattern) -> checkPattern(fields, place + ".args." + name, pattern));
      }
    }

    private static void checkPattern(Fields fields, String place, String pattern) {
      fields.required(place, pattern).text(place, pattern, MAX_PATTERN);
      if (pattern != null && pattern.startsWith(EXPRESSION)) {
        try {
          Pattern.compile(pattern.substring(EXPRESSION.length()));
        } catch (PatternSyntaxException malformed) {
          fields.fault(place, "is no regular expression: " + malformed.getDescription());
        }
      }
    }
  }

  /** Linear in the text, whatever a caller has written. */
  private static Pattern glob(String text) {
    return Pattern.compile(
        Stream.of(text.split("\\*+", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  /**
   * What one turn may take; null = as the installation says.
   *
   * @param tokens in and out, of all answers together
   * @param cost in the unit of the configured prices
   * @param time from its beginning, without what it waits for people
   * @param calls of tools
   * @param depth how many executions may be above it
   */
  @JsonInclude(Include.NON_NULL)
  @Schema(name = "AgentBudgets")
  public record Budgets(
      @Schema(minimum = "1") Long tokens,
      @Schema(minimum = "0") BigDecimal cost,
      @Schema(ref = "Duration") String time,
      @Schema(minimum = "0", maximum = "10000") Integer calls,
      @Schema(minimum = "0", maximum = "10") Integer depth) {
    public static final Budgets NONE = new Budgets(null, null, null, null, null);

    private void check(Fields fields) {
      String place = "policy.budgets.";
      if (tokens != null && tokens < 1) {
        fields.fault(place + "tokens", "must be at least 1");
      }
      if (cost != null && cost.signum() < 0) {
        fields.fault(place + "cost", "must not be negative");
      }
      if (time != null && Durations.parse(time).filter(d -> !d.isZero()).isEmpty()) {
        fields.fault(place + "time", "must be a duration like 10m");
      }
      fields.between(place + "calls", calls, 0, 10_000).between(place + "depth", depth, 0, 10);
    }
  }

  /** {@code {}} takes the policy away. */
  @JsonIgnore
  boolean isNothing() {
    return rules == null && budgets == null;
  }

  /** The rule that means a call; null = none does, and it is allowed. */
  public Rule ruleOf(String tool, Map<String, String> args) {
    return rules == null
        ? null
        : rules.stream().filter(rule -> rule.means(tool, args)).findFirst().orElse(null);
  }

  /** Whether no call of the tool can ever be allowed. */
  public boolean forbids(String tool) {
    if (rules == null) {
      return false;
    }
    for (Rule rule : rules) {
      if (rule.kind() != Effect.DENY && glob(rule.tool()).matches(tool)) {
        return false;
      }
      if (rule.meansAll(tool)) {
        return true;
      }
    }
    return false;
  }

  @JsonIgnore
  public Budgets budgetsOrNone() {
    return budgets == null ? Budgets.NONE : budgets;
  }

  void check(Fields fields) {
    if (rules != null) {
      if (rules.size() > MAX_RULES) {
        fields.fault("policy.rules", "must have at most " + MAX_RULES + " entries");
        return;
      }
      for (int i = 0; i < rules.size(); i++) {
        String place = "policy.rules[" + i + "]";
        fields.required(place, rules.get(i));
        if (rules.get(i) != null) {
          rules.get(i).check(fields, place);
        }
      }
    }
    if (budgets != null) {
      budgets.check(fields);
    }
  }

  /** Keeps the policy as JSON. */
  @Converter
  public static final class InColumn extends JsonColumn<AgentPolicy> {
    public InColumn() {
      super(new TypeReference<>() {});
    }
  }
}
