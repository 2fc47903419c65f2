package dev.gantry.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.tools.DefinitionKind;
import dev.gantry.tools.OfferedDefinitions.Offered;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each definition has a name that clients take, and that leads back to it alone. */
class ToolNameTest {
  private static final UUID ID = UUID.fromString("018f0000-0000-7000-8000-00000000002a");

  private static String name(DefinitionKind kind, String name, boolean shared) {
    return ToolName.of(kind, new Offered(ID, name, "", MissingNode.getInstance(), "s", shared));
  }

  @ParameterizedTest
  @CsvSource({
    "kubectl, false, kubectl, workflow__kubectl",
    "a_b-C, false, a_b-C, workflow__a_b-C",
    "kubectl, true, tool__018f000000007000800000000000002a__kubectl,"
        + " workflow__018f000000007000800000000000002a__kubectl",
    "Größe, false, tool__018f000000007000800000000000002a__Gr_e,"
        + " workflow__018f000000007000800000000000002a__Gr_e",
    "workflow__x, false, tool__018f000000007000800000000000002a__workflow_x,"
        + " workflow__018f000000007000800000000000002a__workflow_x",
    "018f000000007000800000000000002b, false,"
        + " tool__018f000000007000800000000000002a__018f0000000070008000,"
        + " workflow__018f000000007000800000000000002a__018f0000000070008000",
  })
  void plainNamesStayAndOthersGoById(String name, boolean shared, String tool, String workflow) {
    assertThat(name(DefinitionKind.TOOL, name, shared)).isEqualTo(tool);
    assertThat(name(DefinitionKind.WORKFLOW, name, shared)).isEqualTo(workflow);
  }

  @Property(tries = 300)
  void leadsBackToTheSame(
      @ForAll @StringLength(min = 1, max = 255) String name,
      @ForAll DefinitionKind kind,
      @ForAll boolean shared) {
    String called = name(kind, name, shared);

    assertThat(called).matches("[A-Za-z0-9_-]{1,64}");
    ToolName back = ToolName.parse(called).orElseThrow();
    assertThat(back.kind()).isEqualTo(kind);
    if (back.id() == null) {
      assertThat(back.name()).isEqualTo(name);
    } else {
      assertThat(back.id()).isEqualTo(ID);
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "a b", "a__b", "tool__x", "workflow__", "../x"})
  void whatNothingIsCalledIsNone(String text) {
    assertThat(ToolName.parse(text)).isEqualTo(Optional.empty());
  }
}
