package dev.gantry.runners;

import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.messaging.MessagingConfig;
import dev.gantry.resources.Fields;
import io.fabric8.kubernetes.api.model.KubernetesListBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code /runners/{name}/manifest}: what sets a registered runner up, for {@code kubectl} or {@code
 * docker compose}. It holds no credential. Event loop; written out on a worker.
 */
@Path("/runners/{name}/manifest")
@Tag(name = "Runners")
class ManifestsResource {
  private static final String YAML = "application/yaml";
  private static final List<String> FORMATS = List.of("yaml", "json");
  private static final List<String> TYPES =
      List.of(RunnerType.KUBERNETES.text(), RunnerType.DOCKER.text());
  private static final String NAMESPACE = "gantry-runners";

  private final RunnerReader reader;
  private final Caller caller;
  private final RunnersConfig config;
  private final MessagingConfig kafka;
  private final String version;
  private final KubernetesSerialization writer = new KubernetesSerialization();

  ManifestsResource(
      RunnerReader reader,
      Caller caller,
      RunnersConfig config,
      MessagingConfig kafka,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.reader = reader;
    this.caller = caller;
    this.config = config;
    this.kafka = kafka;
    this.version = version;
  }

  /**
   * @param format {@code yaml} unless {@code json} is asked for
   * @param type the runner's own when not given
   */
  @GET
  @Produces({YAML, MediaType.APPLICATION_JSON})
  public Uni<RestResponse<String>> manifest(
      @PathParam("name") String name,
      @QueryParam("format") String format,
      @QueryParam("type") String type,
      @Context UriInfo uri) {
    new Fields().oneOf("format", format, FORMATS).oneOf("type", type, TYPES).check();
    boolean json = "json".equals(format);
    URI base = uri.getBaseUri();
    return reader
        .get(caller.organizationId(), name)
        .invoke(RunnerRegistry::requireOwn)
        .map(found -> installation(found.view(), type, base))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(runner -> json ? json(runner) : yaml(runner))
        .map(
            text ->
                ResponseBuilder.ok(text)
                    .header(HttpHeaders.CONTENT_TYPE, json ? MediaType.APPLICATION_JSON : YAML)
                    .build());
  }

  private Installation installation(RunnerView runner, String type, URI base) {
    String deployed = type == null ? runner.type() : type;
    if (!TYPES.contains(deployed)) {
      throw ApiException.invalid(
          "type", "is required for a local runner: one of " + String.join(", ", TYPES));
    }
    return new Installation(
        runner.name(),
        RunnerType.of(deployed),
        runner.configuration().path("kubernetes_namespace").asText(NAMESPACE),
        runner.configuration().path("pod_security").asText("restricted"),
        config.image().orElse("gantry:" + version),
        config.apiUrl().orElse(base.getScheme() + "://" + base.getAuthority()),
        kafka());
  }

  private Installation.Kafka kafka() {
    String protocol = kafka.securityProtocol();
    return new Installation.Kafka(
        config.kafkaBootstrapServers().orElse(kafka.bootstrapServers()),
        kafka.topicPrefix(),
        protocol,
        protocol.startsWith("SASL")
            ? Optional.of(kafka.saslMechanism().orElse(MessagingConfig.DEFAULT_MECHANISM))
            : Optional.empty(),
        kafka.sslTruststoreLocation().isPresent());
  }

  private String yaml(Installation runner) {
    if (runner.backend() == RunnerType.DOCKER) {
      ComposeManifest manifest = new ComposeManifest(runner);
      return manifest.introduction() + writer.asYaml(manifest.file());
    }
    KubernetesManifest manifest = new KubernetesManifest(runner);
    return manifest.introduction()
        + manifest.objects().stream().map(writer::asYaml).collect(Collectors.joining());
  }

  private String json(Installation runner) {
    return writer.asJson(
        runner.backend() == RunnerType.DOCKER
            ? new ComposeManifest(runner).file()
            : new KubernetesListBuilder()
                .addAllToItems(new KubernetesManifest(runner).objects())
                .build());
  }
}
