package dev.gantry.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.http.idempotency.Answer;
import dev.gantry.http.idempotency.AnswerStore;
import dev.gantry.http.idempotency.Known;
import dev.gantry.http.idempotency.OnRepeat;
import dev.gantry.http.idempotency.OnRepeat.Way;
import dev.gantry.http.idempotency.Reservation;
import dev.gantry.platform.Ids;
import dev.gantry.platform.Sha256;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Every {@code POST} with an {@code Idempotency-Key} is done once: its key is reserved before the
 * body is understood, and the answer stored for who asks again, unless the server failed. Event
 * loop, never blocks.
 */
class Idempotency {
  private static final Logger LOG = Logger.getLogger(Idempotency.class);

  private final AnswerStore answers;
  private final Bodies bodies;
  private final CurrentCaller caller;
  private final ObjectMapper json;

  Idempotency(AnswerStore answers, Bodies bodies, CurrentCaller caller, ObjectMapper json) {
    this.answers = answers;
    this.bodies = bodies;
    this.caller = caller;
    this.json = json;
  }

  @ServerRequestFilter
  Uni<Response> reserve(
      ContainerRequestContext request, RoutingContext context, ResourceInfo resource) {
    String key = request.getHeaderString(IdempotencyKey.HEADER);
    if (key == null || !request.getMethod().equals("POST") || way(resource) == Way.OWN) {
      return Uni.createFrom().nullItem();
    }
    IdempotencyKey.checked(key);
    boolean secret = way(resource) == Way.REFUSE;
    UUID organization = caller.organizationId();
    return bodies
        .read(context)
        .chain(
            body -> {
              request.setEntityStream(new ByteArrayInputStream(body));
              Reservation wanted = new Reservation(organization, key, Ids.next(), secret);
              byte[] fingerprint = fingerprint(request, body);
              return answers
                  .reserve(wanted, fingerprint)
                  .map(known -> answer(wanted, fingerprint, known));
            });
  }

  private static Way way(ResourceInfo resource) {
    OnRepeat said = resource.getResourceMethod().getAnnotation(OnRepeat.class);
    return said == null ? Way.REPLAY : said.value();
  }

  /**
   * The caller's key goes in too: it is in no database, so that nobody who reads one can find out a
   * short secret in a body by trying.
   */
  private static byte[] fingerprint(ContainerRequestContext request, byte[] body) {
    String line =
        request.getHeaderString(HttpHeaders.AUTHORIZATION)
            + "\n"
            + request.getUriInfo().getRequestUri().getRawPath()
            + "\n";
    return Sha256.of(line.getBytes(UTF_8), body);
  }

  /** Null when the request is to be done. */
  private Response answer(Reservation wanted, byte[] fingerprint, Optional<Known> known) {
    if (known.isEmpty()) {
      caller.reserves(wanted);
      return null;
    }
    Answer answer = known.get().answer();
    if (!known.get().isOf(fingerprint)) {
      throw IdempotencyKey.usedForAnotherRequest(wanted.key());
    }
    if (answer == null) {
      throw IdempotencyKey.underWay(wanted.key(), known.get().secondsHeld());
    }
    if (wanted.secret() && answer.status() < 400) {
      throw IdempotencyKey.answeredOnce(wanted.key());
    }
    Response.ResponseBuilder again = Response.status(answer.status()).entity(answer.body());
    answer.headers().forEach(again::header);
    return again.build();
  }

  @ServerResponseFilter
  Uni<Void> keep(ContainerResponseContext response) {
    Reservation held = caller.reservation();
    if (held == null) {
      return Uni.createFrom().voidItem();
    }
    Uni<Void> done =
        response.getStatus() >= 500
            ? answers.release(held)
            : answers.keep(
                held,
                Answer.of(response.getStatus(), response.getHeaders(), response.getEntity(), json));
    return done.onFailure()
        .invoke(failure -> LOG.warnf("the answer of a key is not stored: %s", failure.toString()))
        .onFailure()
        .recoverWithNull();
  }
}
