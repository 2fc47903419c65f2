package dev.gantry.runners;

/** A new token of a runner, as the API shows it once. */
record RunnerToken(String runner, String token) {
  /** Without the token, which must not reach a log. */
  @Override
  public String toString() {
    return "RunnerToken[runner=" + runner + "]";
  }
}
