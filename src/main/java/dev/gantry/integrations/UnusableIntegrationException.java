package dev.gantry.integrations;

/** An integration that was asked for is not there, or is inactive; the message names it. */
public final class UnusableIntegrationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnusableIntegrationException(String message) {
    super(message, null, false, false);
  }
}
