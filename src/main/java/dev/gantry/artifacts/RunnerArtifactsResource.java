package dev.gantry.artifacts;

import dev.gantry.executions.HeldAttempt;
import dev.gantry.executions.HeldAttempts;
import dev.gantry.http.Caller;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code /runner}, for runners: takes the files that an attempt keeps, and gives those that steps
 * before it have kept, while it is in that runner's hands and at no other time. Event loop.
 */
@Path("/runner/executions/{execution}/steps/{step}/attempts/{attempt}/artifacts")
@Tag(name = "Runner")
@Produces(MediaType.APPLICATION_JSON)
class RunnerArtifactsResource {
  private final HeldAttempts attempts;
  private final ArtifactIntake intake;
  private final ArtifactReader reader;
  private final Caller caller;

  RunnerArtifactsResource(
      HeldAttempts attempts, ArtifactIntake intake, ArtifactReader reader, Caller caller) {
    this.attempts = attempts;
    this.intake = intake;
    this.reader = reader;
    this.caller = caller;
  }

  /**
   * A file that a step before has kept.
   *
   * @param url where its content is; empty = here
   */
  record Wanted(String path, long size, String sha256, boolean executable, String url) {}

  /** What is to be in the work directory before the program begins. */
  record WantedArtifacts(List<Wanted> artifacts) {}

  @GET
  public Uni<WantedArtifacts> wanted(
      @PathParam("execution") String execution,
      @PathParam("step") String step,
      @PathParam("attempt") String attempt) {
    return held(execution, step, attempt)
        .chain(reader::wanted)
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(this::wanted)
        .collect()
        .asList()
        .map(WantedArtifacts::new);
  }

  private Uni<Wanted> wanted(Artifact artifact) {
    return reader
        .address(artifact)
        .map(
            url ->
                new Wanted(
                    artifact.path(),
                    artifact.size(),
                    artifact.sha256(),
                    artifact.executable(),
                    url));
  }

  @GET
  @Path("/content")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  public Multi<byte[]> content(
      @PathParam("execution") String execution,
      @PathParam("step") String step,
      @PathParam("attempt") String attempt,
      @QueryParam("path") String path) {
    return Contents.answer(
        reader,
        held(execution, step, attempt)
            .chain(
                held -> {
                  ArtifactUpload.checkPath(path);
                  return reader.wanted(held, path);
                }));
  }

  /** Says what is to come; the answer says where it goes. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<UploadAnswer> announce(
      @PathParam("execution") String execution,
      @PathParam("step") String step,
      @PathParam("attempt") String attempt,
      ArtifactUpload body) {
    return held(execution, step, attempt)
        .chain(
            held -> {
              ArtifactUpload.check(body);
              return intake.announce(id(held, body.path()), body);
            });
  }

  @PUT
  @Path("/pieces/{number}")
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  public Uni<RestResponse<Void>> put(
      @PathParam("execution") String execution,
      @PathParam("step") String step,
      @PathParam("attempt") String attempt,
      @PathParam("number") String number,
      @QueryParam("path") String path,
      byte[] bytes) {
    return held(execution, step, attempt)
        .chain(held -> intake.put(id(held, path), Pieces.number(number), Pieces.checked(bytes)))
        .replaceWith(RestResponse.noContent());
  }

  /** All of it has been sent. */
  @POST
  @Path("/kept")
  public Uni<RestResponse<Void>> keep(
      @PathParam("execution") String execution,
      @PathParam("step") String step,
      @PathParam("attempt") String attempt,
      @QueryParam("path") String path) {
    return held(execution, step, attempt)
        .chain(held -> intake.keep(id(held, path)))
        .replaceWith(RestResponse.noContent());
  }

  private Uni<HeldAttempt> held(String execution, String step, String attempt) {
    return attempts.require(HeldAttempt.named(execution, step, attempt), caller);
  }

  private static ArtifactId id(HeldAttempt attempt, String path) {
    ArtifactUpload.checkPath(path);
    return new ArtifactId(attempt.execution(), attempt.step(), attempt.attempt(), path);
  }
}
