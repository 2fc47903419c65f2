package dev.gantry.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.agents.AgentPolicy.Effect;
import dev.gantry.agents.AgentPolicy.Rule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentPolicyTest {
  private static AgentPolicy policy(Rule... rules) {
    return new AgentPolicy(List.of(rules), null);
  }

  private static Rule rule(String effect, String tool, Map<String, String> args) {
    return new Rule(effect, tool, args, null);
  }

  @Test
  void the_first_rule_that_means_a_call_decides() {
    AgentPolicy policy =
        policy(
            rule("allow", "kubectl", Map.of("command", "get *")),
            rule("ask", "kubectl", Map.of("command", "re:^(apply|scale) ")),
            rule("deny", "kub*", null));

    assertThat(policy.ruleOf("kubectl", Map.of("command", "get pods")).kind())
        .isEqualTo(Effect.ALLOW);
    assertThat(policy.ruleOf("kubectl", Map.of("command", "apply -f x")).kind())
        .isEqualTo(Effect.ASK);
    assertThat(policy.ruleOf("kubectl", Map.of("command", "delete ns x")).kind())
        .isEqualTo(Effect.DENY);
    assertThat(policy.ruleOf("kubectl", Map.of()).kind()).isEqualTo(Effect.DENY);
    assertThat(policy.ruleOf("other", Map.of())).isNull();
  }

  @Test
  void a_pattern_is_all_of_the_text_and_an_expression_any_part() {
    assertThat(policy(rule("deny", "a*c", null)).ruleOf("abbc", Map.of())).isNotNull();
    assertThat(policy(rule("deny", "a*c", null)).ruleOf("abcd", Map.of())).isNull();
    assertThat(policy(rule("deny", "a.c", null)).ruleOf("abc", Map.of())).isNull();
    AgentPolicy lines = policy(rule("deny", "*", Map.of("text", "*prod*")));
    assertThat(lines.ruleOf("t", Map.of("text", "a\nof prod\nb"))).isNotNull();
    AgentPolicy part = policy(rule("deny", "*", Map.of("text", "re:pr.d")));
    assertThat(part.ruleOf("t", Map.of("text", "of prod"))).isNotNull();
    assertThat(part.ruleOf("t", Map.of())).isNull();
  }

  @Test
  void what_may_be_allowed_is_not_forbidden() {
    assertThat(policy(rule("deny", "w*", null)).forbids("wipe")).isTrue();
    assertThat(policy(rule("deny", "w*", Map.of("a", "b"))).forbids("wipe")).isFalse();
    AgentPolicy exception =
        policy(rule("ask", "wipe", Map.of("target", "test")), rule("deny", "*", null));
    assertThat(exception.forbids("wipe")).isFalse();
    assertThat(exception.forbids("other")).isTrue();
    assertThat(AgentPolicy.NONE.forbids("any")).isFalse();
  }
}
