package dev.gantry.webhooks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gantry.http.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What came in: any JSON. Pure code.
 *
 * @param text as it was sent
 */
record Event(String text, JsonNode json) {
  private static final int DEEPEST = 64;
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Fails with 400 for what is no JSON in UTF-8; no body at all is an empty object. */
  static Event read(byte[] body) {
    String text = text(body);
    if (text.isEmpty()) {
      return new Event("{}", JSON.createObjectNode());
    }
    try {
      JsonNode json = JSON.readTree(text);
      if (json.isMissingNode()) {
        throw invalid("is blank");
      }
      return new Event(text, json);
    } catch (JsonProcessingException e) {
      throw invalid("is no valid JSON of at most " + DEEPEST + " levels" + place(e.getLocation()));
    }
  }

  private static String place(JsonLocation location) {
    return location == null
        ? ""
        : ", at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  /** Strict, so that the text means these bytes and no others: signatures are over them. */
  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw invalid("is not in UTF-8");
    }
  }

  private static ApiException invalid(String error) {
    return ApiException.invalid("body", error);
  }
}
