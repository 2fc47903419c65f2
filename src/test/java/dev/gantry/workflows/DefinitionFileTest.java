package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionFileTest {
  private static final String TOOL = "{name: a, description: b, content: 'echo 1.10'}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jobs: {a: {steps: [1]}}",
        "kind: Deployment\n---\nkind: Service",
        "{{ if x }}\nkind: Chart",
        "[1, 2]",
        "steps: null",
        "{\"a\": ",
      })
  void leaves_alone_what_defines_nothing(String text) {
    DefinitionFile read = DefinitionFile.read(text);

    assertThat(read.tools()).isEmpty();
    assertThat(read.workflow()).isEmpty();
    assertThat(read.faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tools: [\n", "# x\ntools:\n\t- a", "{\"tools\": [}", "tools: 1", "tools: [1]"})
  void tells_of_tools_that_cannot_be_read(String text) {
    DefinitionFile read = DefinitionFile.read(text);

    assertThat(read.isTools()).isTrue();
    assertThat(read.faults()).isNotEmpty();
  }

  @Test
  void tells_of_a_workflow_that_cannot_be_read() {
    DefinitionFile read = DefinitionFile.read("name: a\nsteps: [\n");

    assertThat(read.isTools()).isFalse();
    assertThat(read.faults()).isNotEmpty();
  }

  @Test
  void keeps_the_sound_tools_of_a_file() {
    DefinitionFile read =
        DefinitionFile.read("version: 1\ntools:\n  - " + TOOL + "\n  - {name: c}\n");

    assertThat(read.tools()).extracting(tool -> tool.definition().name()).containsExactly("a");
    assertThat(read.faults())
        .extracting(Fault::place)
        .contains("version", "tools[1].description", "tools[1]");
    assertThat(read.faults()).extracting(Fault::line).contains(1, 4);
  }

  @Test
  void a_tool_reads_again_from_its_json() {
    DefinitionFile.Tool tool =
        DefinitionFile.read(
                "tools: [{name: a, description: 1.10, content: \"x\\n\\\"\","
                    + " args: [{name: n, required: true, options: [on, 1.10]}]}]")
            .tools()
            .get(0);

    assertThat(ToolParser.parse(tool.json())).isEqualTo(tool.definition());
    assertThat(tool.definition().description()).isEqualTo("1.10");
  }

  @Test
  void bounds_what_aliases_write_out() {
    String long1 = "x".repeat(200_000);
    String text =
        "tools:\n  - name: a\n    description: &d "
            + long1
            + "\n    content: *d\n    metadata: ["
            + "*d, ".repeat(9)
            + "]\n";

    DefinitionFile read = DefinitionFile.read(text);

    assertThat(read.tools()).isEmpty();
    assertThat(read.faults()).extracting(Fault::message).first().asString().contains("1 MiB");
  }

  @Test
  void takes_tools_in_every_form_of_an_inline_source() throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (String text : new String[] {TOOL, "[" + TOOL + "]", "tools: [" + TOOL + "]"}) {
      assertThat(DefinitionFile.readTools(TextNode.valueOf(text)).tools()).hasSize(1);
    }
    assertThat(
            DefinitionFile.readTools(
                    json.readTree("{\"name\":\"a\",\"description\":\"b\",\"content\":\"c\"}"))
                .tools())
        .hasSize(1);
    assertThat(DefinitionFile.readTools(TextNode.valueOf("a: [")).faults()).isNotEmpty();
  }
}
