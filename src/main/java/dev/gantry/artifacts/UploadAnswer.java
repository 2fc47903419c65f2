package dev.gantry.artifacts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * Where a runner is to send a file.
 *
 * @param kept nowhere: the very same is there
 * @param pieceSize here, in pieces of so many bytes; 0 = not here
 * @param url there, as a whole, with PUT and these headers
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UploadAnswer(boolean kept, int pieceSize, String url, Map<String, String> headers) {
  static final UploadAnswer KEPT = new UploadAnswer(true, 0, null, null);
  static final UploadAnswer IN_PIECES = new UploadAnswer(false, Pieces.SIZE, null, null);
}
