package dev.gantry.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final String PAYLOAD =
      """
      {"a": {"b": "text", "n": 1.50, "t": true, "o": {"x": [1, "y"]}, "z": null},
       "l": [{"name": "first"}, "second"], "m": "{{.event.a.b}} $1 \\\\", "__proto__": "data"}
      """;

  private static Event event(String json) {
    return Event.read(json.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "plain; plain",
        "{{.event.a.b}}; text",
        "<{{ .event.a.b }}>; <text>",
        "{{.event.a.t}}{{.event.a.o.x.0}}; true1",
        "{{.event.a.o}}; {\"x\":[1,\"y\"]}",
        "{{.event.l.0.name}} {{.event.l.1}}; first second",
        "[{{.event.a.z}}{{.event.none.at.all}}{{.event.l.9}}{{.event.a.b.c}}]; []",
        "{{.event.m}}; {{.event.a.b}} $1 \\",
        "{{.event.__proto__}}; data",
        "{{ {{.event.a.b}} }}; {{ text }}",
        "${a} {{; ${a} {{",
      })
  void putsValuesIn(String template, String expected) {
    assertThat(Template.render("prompt", template, event(PAYLOAD))).isEqualTo(expected);
  }

  @Test
  void theWholeEventIsAsItWasSent() {
    String sent = "{ \"n\": 1.5000,\n \"big\": 12345678901234567890123 }";

    assertThat(Template.render("prompt", "{{.event}}", event(sent))).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{.evnt}}", "{{event.a}}", "{{.event | upper}}", "{{}}", "{{.event.}}"})
  void saysWhatIsNotKnown(String template) {
    Fields fields = new Fields();

    Template.check("prompt", template, fields);

    assertThatThrownBy(fields::check).isInstanceOf(ApiException.class);
  }

  @Test
  void aResultThatIsTooLongIsRefused() {
    Event large = event("\"" + "x".repeat(50_000) + "\"");

    assertThatThrownBy(() -> Template.render("prompt", "{{.event}}".repeat(3), large))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> assertThat(e.details()).extractingByKey("error").asString().contains("longer"));
  }

  @Test
  @Timeout(10)
  void timeIsLinear() {
    String hostile = "{{".repeat(32_000);
    Fields fields = new Fields();

    Template.check("prompt", hostile, fields);

    fields.check();
    assertThat(Template.render("prompt", hostile, event("{}"))).isEqualTo(hostile);
  }
}
