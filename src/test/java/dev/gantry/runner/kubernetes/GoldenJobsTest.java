package dev.gantry.runner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each folder of {@code src/test/resources/jobs} holds a step and what is made for it. Run with
 * {@code -Dgolden.write} to write what is made now, and read the difference.
 */
class GoldenJobsTest {
  private static final Path CASES = Path.of("src/test/resources/jobs");
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  /**
   * What stands in {@code in.yaml}.
   *
   * @param security the standard; restricted when it says nothing
   */
  record Case(
      StepSpec step,
      Map<String, String> variables,
      StepGrants grants,
      WorkFiles files,
      PodSecurity security) {
    JobPlan plan() {
      return Steps.template(Steps.settings(security == null ? PodSecurity.RESTRICTED : security))
          .plan(
              Steps.request(
                  step,
                  variables == null ? Map.of() : variables,
                  grants == null ? StepGrants.NONE : grants,
                  files == null ? WorkFiles.NONE : files),
              Map.of("gantry.dev/partition", "3"));
    }
  }

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void makes_what_stands_there(Path folder) throws IOException {
    JsonNode in = YAML.unmarshal(Files.readString(folder.resolve("in.yaml")), JsonNode.class);
    JobPlan plan = ProtocolJson.read(ProtocolJson.write(in), Case.class).plan();
    List<HasMetadata> all = new ArrayList<>(List.of(plan.job()));
    all.addAll(plan.owned());
    String made = all.stream().map(YAML::asYaml).collect(Collectors.joining());

    Path expected = folder.resolve("out.yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(expected, made);
    }
    assertThat(made).isEqualTo(Files.readString(expected));
  }
}
