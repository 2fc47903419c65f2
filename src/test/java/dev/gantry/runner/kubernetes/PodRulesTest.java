package dev.gantry.runner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.Tuple.Tuple3;
import net.jqwik.api.statistics.Statistics;

/**
 * B9: whatever a step says, its pod keeps to the restricted standard, has no field but those that
 * are listed here, and shows nothing of what the step is granted.
 */
class PodRulesTest {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();
  private static final String CANARY = "not-a-secret-5a71";

  private static final Set<String> FIELDS =
      Set.of(
          "automountServiceAccountToken",
          "containers",
          "enableServiceLinks",
          "hostAliases",
          "initContainers",
          "restartPolicy",
          "securityContext",
          "shareProcessNamespace",
          "terminationGracePeriodSeconds",
          "volumes");

  private static final Set<String> CONTAINER_FIELDS =
      Set.of(
          "command",
          "env",
          "image",
          "name",
          "ports",
          "resources",
          "restartPolicy",
          "securityContext",
          "startupProbe",
          "volumeMounts",
          "workingDir");

  private static final Set<String> VOLUMES =
      Set.of("emptyDir", "downwardAPI", "secret", "configMap", "persistentVolumeClaim");

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void aPodHasNoPrivilegeAndShowsNoSecret(
      @ForAll("steps") StepSpec step, @ForAll("files") WorkFiles files) {
    StepGrants grants = Steps.grants("TOKEN", CANARY);
    JobPlan plan;
    try {
      plan =
          Steps.template().plan(Steps.request(step, Map.of("WHO", "Ada"), grants, files), Map.of());
    } catch (IllegalArgumentException refused) {
      assertThat(refused.getMessage()).isNotBlank().doesNotContain(CANARY);
      Statistics.collect("refused");
      return;
    }
    Statistics.collect("made");
    Statistics.coverage(all -> all.check("made").percentage(share -> share > 10));
    String name = JobTemplate.name(Steps.request(step).key());
    JsonNode job = JSON.convertValue(plan.job(), JsonNode.class);
    assertThat(job.toString()).doesNotContain(CANARY);
    assertThat(job.at("/metadata/name").textValue()).isEqualTo(name);
    assertThat(job.at("/metadata/namespace").textValue()).isEqualTo("steps");
    checkPod(job.at("/spec/template/spec"), name);
    assertThat(job.at("/spec/template/metadata").has("namespace")).isFalse();
    assertThat(plan.owned()).hasSize(1).allSatisfy(owned -> checkOwned(owned, name));
  }

  private static void checkOwned(HasMetadata owned, String name) {
    assertThat(owned.getKind()).isEqualTo("Secret");
    assertThat(owned.getMetadata().getName()).isEqualTo(name);
    assertThat(owned.getMetadata().getNamespace()).isEqualTo("steps");
  }

  private static void checkPod(JsonNode pod, String name) {
    assertThat(FIELDS).containsAll(names(pod));
    assertThat(pod.path("automountServiceAccountToken").booleanValue()).isFalse();
    assertThat(pod.path("enableServiceLinks").booleanValue()).isFalse();
    assertThat(pod.path("restartPolicy").textValue()).isEqualTo("Never");
    assertThat(pod.at("/securityContext/runAsNonRoot").booleanValue()).isTrue();
    assertThat(pod.at("/securityContext/runAsUser").longValue()).isEqualTo(65532);
    assertThat(pod.at("/securityContext/runAsGroup").longValue()).isEqualTo(65532);
    assertThat(pod.at("/securityContext/fsGroup").longValue()).isEqualTo(65532);
    assertThat(pod.at("/securityContext/seccompProfile/type").textValue())
        .isEqualTo("RuntimeDefault");
    pod.path("volumes").forEach(volume -> checkVolume(volume, name));
    pod.path("containers").forEach(container -> checkContainer(container, name));
    pod.path("initContainers").forEach(container -> checkContainer(container, name));
    assertThat(pod.path("containers").size()).isEqualTo(1);
    pod.path("hostAliases")
        .forEach(a -> assertThat(a.path("ip").textValue()).isEqualTo("127.0.0.1"));
  }

  private static void checkVolume(JsonNode volume, String name) {
    Set<String> kinds = names(volume);
    assertThat(kinds.remove("name")).isTrue();
    assertThat(kinds).hasSize(1).isSubsetOf(VOLUMES);
    if (volume.has("secret")) {
      assertThat(volume.at("/secret/secretName").textValue()).isEqualTo(name);
    }
    if (volume.has("persistentVolumeClaim")) {
      assertThat(volume.at("/persistentVolumeClaim/claimName").textValue()).isEqualTo("cache");
    }
    volume
        .at("/downwardAPI/items")
        .forEach(
            item ->
                assertThat(item.at("/fieldRef/fieldPath").textValue())
                    .startsWith("metadata.annotations['gantry.dev/"));
  }

  private static void checkContainer(JsonNode container, String name) {
    assertThat(CONTAINER_FIELDS).containsAll(names(container));
    assertThat(container.path("image").textValue()).isNotBlank();
    assertThat(container.path("securityContext").toString())
        .isEqualTo("{\"allowPrivilegeEscalation\":false,\"capabilities\":{\"drop\":[\"ALL\"]}}");
    container
        .path("ports")
        .forEach(port -> assertThat(names(port)).containsExactly("containerPort"));
    container
        .path("env")
        .forEach(
            variable -> {
              if (variable.has("valueFrom")) {
                assertThat(variable.at("/valueFrom/secretKeyRef/name").textValue()).isEqualTo(name);
              }
            });
    Set<String> places = new TreeSet<>();
    container
        .path("volumeMounts")
        .forEach(
            mount -> {
              assertThat(mount.path("subPath").asText()).doesNotStartWith("/").doesNotContain("..");
              String place = mount.path("mountPath").textValue();
              assertThat(place).startsWith("/").isNotEqualTo("/").doesNotContain("/../");
              assertThat(places.add(place)).isTrue();
              assertThat(mount.has("mountPropagation")).isFalse();
            });
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static final Arbitrary<String> TEXTS =
      Arbitraries.oneOf(
          Arbitraries.of(
              "echo",
              "${TOKEN}",
              "a${WHO}b",
              "$(TOKEN)",
              "privileged: true",
              "{\"hostPath\": {\"path\": \"/\"}}",
              "\n  hostNetwork: true",
              "https://git.example.com/a/b.git",
              "file:///etc/passwd",
              "--upload-pack=x",
              "alpine"),
          Arbitraries.strings().ofMaxLength(12));

  private static final Arbitrary<String> PATHS =
      Arbitraries.oneOf(
          Arbitraries.of(
              "a",
              "a/b",
              "a/b/c.txt",
              "..",
              "../x",
              "a/../../b",
              "/",
              "/proc/self",
              "/gantry/step",
              "/var/run/docker.sock",
              "/var/run/secrets/kubernetes.io",
              "~/x",
              "~/../x",
              "/work/../etc",
              "${WHO}",
              "${TOKEN}"),
          Arbitraries.strings().ascii().ofMaxLength(8));

  private static final Arbitrary<String> NAMES =
      Arbitraries.of("cache", "data", "db", "step", "git");

  @Provide
  Arbitrary<WorkFiles> files() {
    return Arbitraries.maps(PATHS, TEXTS)
        .ofMaxSize(2)
        .map(files -> new WorkFiles(files, List.of()));
  }

  @Provide
  Arbitrary<StepSpec> steps() {
    Arbitrary<Tuple3<String, List<String>, String>> programs =
        Arbitraries.oneOf(
            TEXTS.map(text -> Tuple.of(text, null, "OUT")),
            TEXTS.map(text -> Tuple.of(text, null, null)),
            TEXTS.list().ofMinSize(1).ofMaxSize(3).map(words -> Tuple.of(null, words, null)));
    Arbitrary<Tuple2<String, Map<String, String>>> surroundings =
        Combinators.combine(
                TEXTS, Arbitraries.maps(Arbitraries.of("A", "TOKEN", "HOME"), TEXTS).ofMaxSize(3))
            .as(Tuple::of);
    return Combinators.combine(
            programs,
            surroundings,
            PATHS.injectNull(0.5),
            PATHS.injectNull(0.8),
            Arbitraries.of("HUP", "INT").injectNull(0.8),
            Arbitraries.longs().between(0, 100_000),
            containers().injectNull(0.3))
        .as(
            (program, around, dir, stdout, signal, timeout, container) -> {
              Steps.Spec spec = new Steps.Spec();
              spec.script = program.get1();
              spec.argv = program.get2();
              spec.output = program.get3();
              spec.image = around.get1();
              spec.env = around.get2();
              spec.dir = dir;
              spec.stdout = program.get1() == null ? null : stdout;
              spec.signal = program.get1() == null ? null : signal;
              spec.timeoutMillis = timeout;
              spec.container = container;
              return spec.step();
            });
  }

  private static Arbitrary<ContainerSpec> containers() {
    Arbitrary<ContainerSpec.File> file =
        Combinators.combine(PATHS, TEXTS).as(ContainerSpec.File::new);
    Arbitrary<ContainerSpec.Volume> volume =
        Combinators.combine(NAMES, PATHS).as(ContainerSpec.Volume::new);
    Arbitrary<ContainerSpec.Service> service =
        Combinators.combine(
                NAMES,
                Arbitraries.of("redis", "redis:${WHO}"),
                Arbitraries.maps(Arbitraries.of("A", "B"), TEXTS).ofMaxSize(2),
                TEXTS.list().ofMaxSize(2),
                Arbitraries.integers().between(1, 65535).list().ofMaxSize(2))
            .as(ContainerSpec.Service::new);
    Arbitrary<ContainerSpec.Repository> repository =
        Combinators.combine(
                Arbitraries.of("https://git.example.com/a/b.git", "ext::sh", "https://a@b/c"),
                TEXTS.injectNull(0.5),
                PATHS.injectNull(0.5))
            .as(ContainerSpec.Repository::new);
    return Combinators.combine(
            file.list().ofMaxSize(2),
            volume.list().ofMaxSize(2),
            service.list().ofMaxSize(1),
            repository.injectNull(0.6))
        .as(ContainerSpec::new);
  }
}
