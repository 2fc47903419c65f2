package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SubstitutionTest {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "VAR", "value",
          "var", "lower",
          "EMPTY", "",
          "MARKER", "${VAR} {{.VAR}} $VAR",
          "with.dot", "dotted",
          "a-b", "dashed",
          "out",
              """
              {"field": "text", "n": 1.10, "big": 12345678901234567890, "yes": true, "nil": null,
               "a": {"b": [10, {"c": "deep"}]}, "list": ["x", "y"], "a-b": 1, "quote": "\\"q\\""}
              """,
          "list", "[[1, 2], [3]]",
          "text", "not json");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "plain | plain",
        "${VAR} | value",
        "a${VAR}b${var}c | avalueblowerc",
        "{{.VAR}} and {{ .var }} | value and lower",
        "{{  .VAR  }} | value",
        "${EMPTY}. | .",
        "${MARKER} | ${VAR} {{.VAR}} $VAR",
        "${with.dot} ${a-b} | dotted dashed",
        "${VAR:-other} | value",
        "${NONE:-other} | other",
        "${EMPTY:-other} | other",
        "${NONE:-}. | .",
        "${NONE:-${VAR}} | ${VAR}",
        "${VAR:-${NONE}} | value",
        "${NONE:-{\"a\": 1} | {\"a\": 1",
        "${out.nothing:-other} | other",
        "${out.nil:-other} | other",
        "${out.field:-other} | text",
        "${out.field} | text",
        "${out.n} ${out.big} ${out.yes} | 1.10 12345678901234567890 true",
        "<${out.nil}> | <>",
        "${out.a.b[0]} ${out.a.b[1].c} | 10 deep",
        "${out.list} ${out.a} | [\"x\",\"y\"] {\"b\":[10,{\"c\":\"deep\"}]}",
        "${out.a-b} ${out.quote} | 1 \"q\"",
        "${list[0][1]} ${list[1]} | 2 [3]",
        "{{ .out.a.b[0] }} | 10",
        "{{{.VAR}}} | {value}",
        "$${VAR} | $value",
        "${${VAR}} | ${value}",
        "${NONE:-a}${VAR:-b}${ | avalue${"
      })
  void puts_variables_in(String text, String expected) {
    assertThat(Substitution.apply(text, VARIABLES)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "$VAR",
        "$",
        "${",
        "${}",
        "${VAR",
        "${ VAR }",
        "${1}",
        "${#VAR}",
        "${VAR#prefix}",
        "${VAR%suffix}",
        "${VAR-default}",
        "${VAR:=default}",
        "${VAR:-default",
        "${VAR/a/b}",
        "${!VAR}",
        "${NONE}",
        "${none.path}",
        "${Var}",
        "${VAR.field}",
        "${text.field}",
        "${out.}",
        "${out..field}",
        "${out.field.more}",
        "${out.a.b[2]}",
        "${out.a.b[-1]}",
        "${out.a.b[x]}",
        "${out[field]}",
        "${out.list[99999999999999]}",
        "$(VAR)",
        "{{",
        "{{}}",
        "{{VAR}}",
        "{{.NONE}}",
        "{{.VAR}",
        "{{ .VAR | upper }}",
        "{{ if .VAR }}",
        "{{.}}",
        "} ${ { }} {{ . }"
      })
  void leaves_what_is_no_marker_or_unknown(String text) {
    assertThat(Substitution.apply(text, VARIABLES)).isEqualTo(text);
  }

  @Test
  void a_text_without_a_marker_is_given_back_itself() {
    String text = "echo $VAR | awk '{print $1}'";
    assertThat(Substitution.apply(text, VARIABLES)).isSameAs(text);
  }

  @Test
  void a_variable_of_null_is_none() {
    Map<String, String> variables = new HashMap<>();
    variables.put("A", null);
    assertThat(Substitution.apply("${A} ${A:-b}", variables)).isEqualTo("${A} b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${",
        "${A",
        "${VAR:-",
        "${VAR:-${VAR",
        "{{",
        "{{ ",
        "{{.",
        "{",
        "}",
        "$",
        "${VAR:-x}}",
        "${text.a.b}",
        "${out.a.b[0]}"
      })
  void time_is_linear_whatever_is_repeated(String piece) {
    String text = piece.repeat(1_000_000 / piece.length());
    assertThat(Substitution.apply(text, VARIABLES)).isNotNull();
  }

  @Test
  void json_that_nests_endlessly_is_no_json() {
    Map<String, String> variables = Map.of("out", "{\"a\":".repeat(100_000));
    assertThat(Substitution.apply("${out.a}", variables)).isEqualTo("${out.a}");
  }

  @Test
  void a_result_has_a_bound() {
    Map<String, String> variables = Map.of("LONG", "x".repeat(1_000_000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Substitution.apply("${LONG}".repeat(100), variables))
        .withMessageContaining("16777216");
  }

  @Test
  void puts_arguments_in_where_braces_stand_and_leaves_the_rest_to_the_shell() {
    assertThat(
            Substitution.arguments(
                "{{ .a }} {{.b}} ${a} $a {{ .c }}", Map.of("a", "{{.b}} ${b}", "b", "it's")))
        .isEqualTo("{{.b}} ${b} it's ${a} $a {{ .c }}");
  }
}
