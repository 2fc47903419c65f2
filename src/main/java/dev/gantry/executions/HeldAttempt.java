package dev.gantry.executions;

import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.platform.Ids;
import java.util.UUID;

/** An attempt as a runner names it that has it in its hands. */
public record HeldAttempt(UUID execution, int step, int attempt) {
  /** Fails with 404 for what names none. */
  public static HeldAttempt named(String execution, String step, String attempt) {
    String named = execution + "/" + step + "/" + attempt;
    UUID id = Ids.parse("", execution).orElseThrow(() -> notFound(named));
    return new HeldAttempt(id, number(step, named), number(attempt, named));
  }

  private static int number(String text, String named) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw notFound(named);
    }
  }

  /** The answer for one that is in no runner's hands, or in another's. */
  public ApiException notFound() {
    return notFound(execution + "/" + step + "/" + attempt);
  }

  private static ApiException notFound(String named) {
    return ApiException.notFound("Attempt in this runner's hands", named);
  }

  /** Whether what was handed to that runner of that organization is in the caller's hands. */
  public static boolean isOf(Caller caller, String runner, UUID organization) {
    return (caller.runner() == null || caller.runner().equals(runner))
        && (caller.organizationId() == null || caller.organizationId().equals(organization));
  }
}
