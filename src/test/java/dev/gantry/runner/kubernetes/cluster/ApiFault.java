package dev.gantry.runner.kubernetes.cluster;

import java.time.Duration;

/** What goes wrong with one request. */
public sealed interface ApiFault {
  /** Answered with this code, and with {@code Retry-After} where that is not zero. */
  record Refused(int code, String message, Duration retryAfter) implements ApiFault {}

  /** Answered as always, later. */
  record Delayed(Duration by) implements ApiFault {}

  /** The connection ends before the request had any effect. */
  record Dropped() implements ApiFault {}

  /** The request has its effect; the connection ends without an answer. */
  record AnswerLost() implements ApiFault {}

  /** What is followed begins and is not cut, and tells nothing. */
  record Silent() implements ApiFault {}

  /** The request is taken, and the connection stays; no answer ever comes. */
  record Unanswered() implements ApiFault {}

  static ApiFault noAnswer() {
    return new Unanswered();
  }

  static ApiFault silence() {
    return new Silent();
  }

  static ApiFault status(int code) {
    return new Refused(code, "ordered by the test", Duration.ZERO);
  }

  static ApiFault tooManyRequests(Duration retryAfter) {
    return new Refused(
        429, "the server has received too many requests, please try again later", retryAfter);
  }

  static ApiFault delay(Duration by) {
    return new Delayed(by);
  }

  static ApiFault drop() {
    return new Dropped();
  }

  static ApiFault loseAnswer() {
    return new AnswerLost();
  }
}
