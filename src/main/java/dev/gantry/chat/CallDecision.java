package dev.gantry.chat;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a person says to a call that is asked for. */
@Schema(name = "CallDecision")
record CallDecision(@Schema(description = "Up to 1,000 bytes; the model reads it") String comment) {
  static final CallDecision PLAIN = new CallDecision(null);
}
