package dev.gantry.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/** The body of every error answer. */
public record ErrorEnvelope(Fault error, @JsonProperty("request_id") String requestId) {

  /**
   * @param details what is wrong in particular; left out when there is nothing to add
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Fault(ErrorCode code, String message, Map<String, Object> details) {}

  static ErrorEnvelope of(ApiException failure, String requestId) {
    return new ErrorEnvelope(
        new Fault(failure.code(), failure.getMessage(), failure.details()), requestId);
  }
}
