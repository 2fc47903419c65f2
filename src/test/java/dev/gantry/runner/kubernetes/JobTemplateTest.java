package dev.gantry.runner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptRequest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobTemplateTest {
  private static PodSpec pod(Job job) {
    return job.getSpec().getTemplate().getSpec();
  }

  private static Container container(Job job) {
    return pod(job).getContainers().get(0);
  }

  private static EnvVar variable(Job job, String name) {
    return container(job).getEnv().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void assertRefused(Steps.Spec spec, String message) {
    assertThatThrownBy(() -> Steps.plan(spec.step()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static ContainerSpec with(ContainerSpec.File file) {
    return new ContainerSpec(List.of(file), null, null, null);
  }

  @Test
  void aNameFitsTheLabelThatKubernetesMakesOfIt() {
    AttemptKey key = new AttemptKey(UUID.randomUUID(), Integer.MAX_VALUE, Integer.MAX_VALUE);
    assertThat(JobTemplate.name(key)).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9-]+");
    assertThat(JobTemplate.name(Steps.request(Steps.argv("x").step()).key()))
        .isEqualTo("gantry-01a2124b56157071a0410aed86dd8dfb-2-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "späti", "a b", "ends-", "_x"})
  void anyRunnersNameBecomesALabel(String name) {
    assertLabel(name);
    assertLabel(name.repeat(100));
  }

  private static void assertLabel(String runner) {
    String value = Labels.value(runner);
    assertThat(value).hasSizeBetween(1, 63).matches("[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?");
    assertThat(Labels.value(runner + "y")).isNotEqualTo(value);
  }

  @Test
  void aNameThatMayBeALabelIsOne() {
    assertThat(Labels.value("k8s-runner.eu_1")).isEqualTo("k8s-runner.eu_1");
  }

  @Test
  void theDeadlineIsTheTimeoutAndSomeMore() {
    Steps.Spec spec = Steps.argv("x");
    spec.timeoutMillis = 1500;
    assertThat(Steps.job(spec.step()).getSpec().getActiveDeadlineSeconds()).isEqualTo(602);
    spec.timeoutMillis = 0;
    assertThat(Steps.job(spec.step()).getSpec().getActiveDeadlineSeconds()).isNull();
  }

  @Test
  void aMarkIsAnotherEachTime() {
    Steps.Spec spec = Steps.script("echo");
    spec.output = "OUT";
    JobTemplate template = new JobTemplate(Steps.settings(PodSecurity.RESTRICTED), "default");
    AttemptRequest request = Steps.request(spec.step());
    String first = mark(template.plan(request, Map.of()));
    assertThat(first)
        .matches(Wrapper.MARK_FORM)
        .isNotEqualTo(mark(template.plan(request, Map.of())));
  }

  private static String mark(JobPlan plan) {
    Map<String, String> annotations = plan.job().getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(JobTemplate.OUTPUT_MARK);
  }

  @Test
  void theOutputIsToldApartWhereSomebodyAsksForIt() {
    Steps.Spec spec = Steps.script("echo");
    assertThat(mark(Steps.plan(spec.step()))).isNull();
    spec.literal = true;
    assertThat(mark(Steps.plan(spec.step()))).isEqualTo(Steps.MARK);
    Steps.Spec argv = Steps.argv("echo");
    argv.output = "OUT";
    assertThat(mark(Steps.plan(argv.step()))).isNull();
  }

  @Test
  void theInterpreterIsTheStepsOrTheScriptsOwn() {
    Steps.Spec spec = Steps.script("#!/usr/bin/env -S python3 -u\nprint()");
    assertThat(container(Steps.job(spec.step())).getCommand())
        .containsExactly("/usr/bin/env", "-S python3 -u", "/gantry/step/script");
    spec.shell = List.of("bash", "-e");
    assertThat(container(Steps.job(spec.step())).getCommand())
        .containsExactly(
            "bash", "-c", "exec \"$$@\" 2>&1", "sh", "bash", "-e", "/gantry/step/script");
  }

  @Test
  void aLongScriptIsInAConfigMap() {
    String script = "#" + "x".repeat(200_000);
    JobPlan plan = Steps.plan(Steps.script(script).step());
    assertThat(plan.owned()).hasSize(1);
    assertThat(((ConfigMap) plan.owned().get(0)).getData()).containsEntry("gantry.script", script);
    assertThat(container(plan.job()).getCommand()).endsWith("/gantry/script");
    assertThat(plan.job().getSpec().getTemplate().getMetadata().getAnnotations()).isEmpty();
  }

  @Test
  void whatNoObjectTakesIsRefused() {
    assertRefused(Steps.script("#" + "x".repeat(2 << 20)), "Kubernetes takes 1048576 bytes");
    assertRefused(Steps.argv("x".repeat(300_000)), "the arguments are 300001 bytes");
  }

  @Test
  void variablesBeyondWhatAJobHoldsAreInAConfigMap() {
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < 5; i++) {
      variables.put("V" + i, "x".repeat(50_000));
    }
    AttemptRequest request =
        Steps.request(Steps.argv("x").step(), variables, StepGrants.NONE, WorkFiles.NONE);
    JobPlan plan = Steps.template().plan(request, Map.of());
    assertThat(((ConfigMap) plan.owned().get(0)).getData()).containsOnlyKeys("V2", "V3", "V4");
    assertThat(variable(plan.job(), "V1").getValue()).hasSize(50_000);
    assertThat(variable(plan.job(), "V2").getValueFrom().getConfigMapKeyRef().getKey())
        .isEqualTo("V2");
  }

  @Test
  void aVariableThatCannotBePassedOnIsNoted() {
    Map<String, String> variables = Map.of("A", "x\0y", "B", "x".repeat(200_000));
    AttemptRequest request =
        Steps.request(Steps.argv("x").step(), variables, StepGrants.NONE, WorkFiles.NONE);
    assertThat(JobTemplate.notes(Steps.template().plan(request, Map.of()).job()))
        .containsExactly(
            "variable A is left out of the environment: it holds a NUL",
            "variable B is left out of the environment: too long");
    assertThat(JobTemplate.notes(Steps.job(Steps.argv("x").step()))).isEmpty();
  }

  @Test
  void whatAFileOfVariablesTakesFromTheGrantsStaysHidden() {
    AttemptRequest request =
        Steps.request(
            Steps.script("curl ${URL}").step(),
            Map.of(),
            Steps.grants("TOKEN", "not-a-token"),
            new WorkFiles(Map.of(".env", "URL=https://${TOKEN}@example.com"), List.of("./.env")));
    JobPlan plan = Steps.template().plan(request, Map.of());
    assertThat(plan.job().toString()).doesNotContain("not-a-token");
    assertThat(((Secret) plan.owned().get(0)).getData())
        .containsOnlyKeys("TOKEN", "URL", "file-.env", "gantry.script");
  }

  @Test
  void whatIsGrantedIsNoArgument() {
    AttemptRequest request =
        Steps.request(
            Steps.argv("curl", "${URL}").step(),
            Map.of(),
            Steps.grants("TOKEN", "not-a-token"),
            new WorkFiles(Map.of(".env", "URL=https://${TOKEN}@example.com"), List.of(".env")));
    assertThatThrownBy(() -> Steps.template().plan(request, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("an argument holds something of what the step is granted");
  }

  @Test
  void filesOfVariablesAreAmongTheFiles() {
    AttemptRequest request =
        Steps.request(
            Steps.argv("x").step(),
            Map.of(),
            StepGrants.NONE,
            new WorkFiles(Map.of("a", "not a variable"), List.of("a")));
    assertThatThrownBy(() -> Steps.template().plan(request, Map.of()))
        .hasMessage("dotenv file a: line 1 is not NAME=value");
    AttemptRequest missing =
        Steps.request(
            Steps.argv("x").step(),
            Map.of(),
            StepGrants.NONE,
            new WorkFiles(Map.of(), List.of("b")));
    assertThatThrownBy(() -> Steps.template().plan(missing, Map.of()))
        .hasMessageStartingWith("dotenv file b: it is not among the workflow's files");
  }

  @Test
  void onlyAStepThatMayUseTheClusterHasAnAccount() {
    StepGrants cluster = new StepGrants(Map.of(), List.of(), true);
    AttemptRequest request =
        Steps.request(Steps.argv("kubectl").step(), Map.of(), cluster, WorkFiles.NONE);
    assertThatThrownBy(() -> Steps.template().plan(request, Map.of()))
        .hasMessageContaining("GANTRY_RUNNER_KUBERNETES_SERVICE_ACCOUNT");
    KubernetesSettings settings = SettingsTest.settings(Map.of("service-account", "deployer"));
    PodSpec pod = pod(Steps.template(settings).plan(request, Map.of()).job());
    assertThat(pod.getServiceAccountName()).isEqualTo("deployer");
    assertThat(pod.getAutomountServiceAccountToken()).isTrue();
    PodSpec other =
        pod(Steps.template(settings).plan(Steps.request(Steps.argv("x").step()), Map.of()).job());
    assertThat(other.getServiceAccountName()).isNull();
    assertThat(other.getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void aWorkingDirectoryIsMadeForTheStepsUser() {
    Steps.Spec spec = Steps.argv("x");
    spec.dir = "a/./b";
    Container own = container(Steps.job(spec.step()));
    assertThat(own.getWorkingDir()).isEqualTo("/work/a/b");
    assertThat(own.getVolumeMounts())
        .filteredOn(mount -> mount.getMountPath().equals("/work/a/b"))
        .singleElement()
        .extracting(VolumeMount::getName, VolumeMount::getSubPath)
        .containsExactly("work", "a/b");
    spec.dir = "/usr/src/app";
    assertThat(container(Steps.job(spec.step())).getWorkingDir()).isEqualTo("/usr/src/app");
    spec.dir = "../x";
    assertRefused(spec, "dir ../x leads out of /work");
  }

  @Test
  void aFolderInAVolumeIsMadeThere() {
    Steps.Spec spec = Steps.argv("x");
    spec.dir = "/data/in/here";
    spec.container =
        new ContainerSpec(null, List.of(new ContainerSpec.Volume("cache", "/data")), null, null);
    assertThat(container(Steps.job(spec.step())).getVolumeMounts())
        .filteredOn(mount -> mount.getMountPath().equals("/data/in/here"))
        .singleElement()
        .extracting(VolumeMount::getName, VolumeMount::getSubPath)
        .containsExactly("volume-cache", "in/here");
  }

  @Test
  void whatNeedsAShellIsRefusedWithoutOne() {
    Steps.Spec spec = Steps.argv("x");
    spec.stdout = "lines.txt";
    assertRefused(spec, "stdout and stderr need a shell on Kubernetes");
    spec.stdout = null;
    spec.signal = "HUP";
    assertRefused(spec, "signalOnStop needs a shell on Kubernetes");
    spec.signal = "INT";
    assertRefused(spec, "signalOnStop SIGINT cannot be had on Kubernetes");
  }

  @Test
  void streamsOfAScriptGoIntoFiles() {
    Steps.Spec spec = Steps.script("echo");
    spec.dir = "out";
    spec.stdout = "lines.txt";
    spec.stderr = "/data/errors.txt";
    spec.signal = "HUP";
    assertThat(container(Steps.job(spec.step())).getCommand())
        .containsExactly(
            "/bin/sh",
            "/gantry/step/wrapper",
            "/gantry/output",
            "",
            "HUP",
            "/work/out/lines.txt",
            "/data/errors.txt",
            "/bin/sh",
            "/gantry/step/script");
  }

  @Test
  void artifactsAreRefused() {
    Steps.Spec spec = Steps.argv("x");
    spec.artifacts = List.of("out/*");
    assertRefused(spec, "artifacts cannot be kept of steps on Kubernetes yet");
  }

  @Test
  void aStepThatRunsNothingIsRefused() {
    assertRefused(Steps.argv(), "the step names neither a program nor a script");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/proc/x",
        "/dev/null",
        "/gantry/step/script",
        "/work",
        "/tmp",
        "~/..",
        "../x"
      })
  void filesDoNotTakeWhatIsNotTheirs(String destination) {
    Steps.Spec spec = Steps.argv("x");
    spec.container = with(new ContainerSpec.File(destination, "x"));
    assertThatThrownBy(() -> Steps.plan(spec.step())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoThingsInOnePlaceAreRefused() {
    Steps.Spec spec = Steps.argv("x");
    spec.container =
        new ContainerSpec(
            List.of(new ContainerSpec.File("/data", "x")),
            List.of(new ContainerSpec.Volume("data", "/data")),
            null,
            null);
    assertRefused(spec, "two things are to be at /data");
    spec.container =
        new ContainerSpec(
            List.of(new ContainerSpec.File("a", "x"), new ContainerSpec.File("a/b", "x")),
            null,
            null,
            null);
    assertRefused(spec, "/work/a is a file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc",
        "ext::sh -c x",
        "git@example.com:a/b",
        "https://u:p@example.com/a",
        "https:///a",
        ""
      })
  void onlyTheWebIsClonedFrom(String url) {
    Steps.Spec spec = Steps.argv("x");
    spec.container =
        new ContainerSpec(null, null, null, new ContainerSpec.Repository(url, null, null));
    assertRefused(spec, "the repository's url must be one with http or https");
  }

  @Test
  void aBranchIsNoOptionOfGit() {
    Steps.Spec spec = Steps.argv("x");
    spec.container =
        new ContainerSpec(
            null,
            null,
            null,
            new ContainerSpec.Repository("https://example.com/a/b", "--upload-pack=x", "."));
    assertThat(pod(Steps.job(spec.step())).getInitContainers().get(0).getCommand())
        .containsExactly(
            "git",
            "clone",
            "--quiet",
            "--depth=1",
            "--branch=--upload-pack=x",
            "--",
            "https://example.com/a/b",
            "/work");
  }
}
