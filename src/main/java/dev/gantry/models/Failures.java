package dev.gantry.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.models.ModelFailure.Kind;
import dev.gantry.network.RefusedAddressException;
import dev.gantry.platform.Durations;
import dev.gantry.platform.RetryAfter;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Says in words what goes wrong with one model. What a provider says is told on, shortened and
 * without the key; where it is asked is the operator's business and is not. Pure code.
 */
final class Failures {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_QUOTE = 300;
  private static final int SERVER_ERROR = 500;

  private final String model;
  private final Access access;

  Failures(String model, Access access) {
    this.model = model;
    this.access = access;
  }

  /**
   * The answer is no stream.
   *
   * @param retryAfter the header; null = none
   * @param body how the answer's begins
   */
  ModelFailure status(int status, String retryAfter, String body) {
    Duration pause = RetryAfter.of(retryAfter, Instant.now());
    if (status == 401 || status == 403) {
      return new ModelFailure(
          Kind.UNAUTHORIZED,
          about("refuses the key (%d): check the model's key and its rights".formatted(status)));
    }
    if (status == 429) {
      return ModelFailure.passing(
          Kind.RATE_LIMITED,
          about(
              "takes no more for now (429)%s: ask again later, or raise the limit there"
                  .formatted(quote(said(body)))),
          pause);
    }
    if (status >= SERVER_ERROR) {
      return ModelFailure.passing(
          Kind.UNAVAILABLE,
          about("is at fault (%d)%s: ask again later".formatted(status, quote(said(body)))),
          pause);
    }
    return new ModelFailure(Kind.REFUSED, about(refused(status, body)));
  }

  private String refused(int status, String body) {
    return status / 100 == 3
        ? "answers %d: redirects are not followed, check the model's base URL".formatted(status)
        : "refuses the request (%d)%s: check the model's name and what it can do"
            .formatted(status, quote(said(body)));
  }

  /** The stream tells of an error in place of a delta. */
  ModelFailure told(JsonNode error) {
    String type = error.path("type").asText(error.path("code").asText("")).toLowerCase(Locale.ROOT);
    String what = quote(said(error));
    if (type.contains("rate_limit")) {
      return ModelFailure.passing(
          Kind.RATE_LIMITED, about("takes no more for now" + what), Duration.ZERO);
    }
    return type.contains("invalid_request")
        ? new ModelFailure(Kind.REFUSED, about("refuses the request" + what))
        : ModelFailure.passing(
            Kind.UNAVAILABLE,
            about("is at fault%s: ask again later".formatted(what)),
            Duration.ZERO);
  }

  ModelFailure broken(String how) {
    return new ModelFailure(
        Kind.BROKEN_STREAM, about("broke off its answer: %s; ask again".formatted(how)));
  }

  ModelFailure late(String what, Duration limit) {
    return new ModelFailure(
        Kind.TIMEOUT,
        about("%s within %s: ask again, or ask for less".formatted(what, Durations.format(limit))));
  }

  ModelFailure unreachable(Throwable failure) {
    if (failure instanceof RefusedAddressException refused) {
      return new ModelFailure(
          Kind.UNREACHABLE, about("may not be connected to: " + refused.getMessage()));
    }
    String why =
        failure instanceof UnknownHostException
            ? "its host is not known"
            : "there is no connection to it";
    return ModelFailure.passing(
        Kind.UNREACHABLE,
        about("cannot be reached, %s: check the model's base URL".formatted(why)),
        Duration.ZERO);
  }

  /** The request cannot even be written as the provider wants it. */
  ModelFailure unspeakable(RuntimeException failure) {
    return new ModelFailure(
        Kind.REFUSED,
        about("cannot be asked so%s".formatted(quote(String.valueOf(failure.getMessage())))));
  }

  private String about(String what) {
    return "The provider of the model '" + model + "' " + what;
  }

  private static String said(String body) {
    try {
      return said(JSON.readTree(body));
    } catch (JsonProcessingException isText) {
      return body;
    }
  }

  /** Providers say {@code {"error": {"message": …}}}, {@code {"error": …}} or {@code …} alone. */
  private static String said(JsonNode json) {
    JsonNode error = json.has("error") ? json.get("error") : json;
    JsonNode message = error.has("message") ? error.get("message") : error;
    return message.isTextual() ? message.asText() : message.toString();
  }

  private String quote(String said) {
    String text = access.withoutKey(said).replaceAll("\\s+", " ").strip();
    if (text.isEmpty()) {
      return "";
    }
    return text.length() <= LONGEST_QUOTE
        ? ", and says: " + text
        : ", and says: " + text.substring(0, LONGEST_QUOTE) + "…";
  }
}
