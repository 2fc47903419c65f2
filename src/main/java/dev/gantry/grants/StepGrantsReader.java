package dev.gantry.grants;

import dev.gantry.executions.GrantedSteps.GrantedStep;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ErrorCode;
import dev.gantry.integrations.IntegrationSettings;
import dev.gantry.integrations.IntegrationVariables;
import dev.gantry.integrations.UnusableIntegrationException;
import dev.gantry.secrets.SecretValues;
import dev.gantry.secrets.UnusableSecretsException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Puts a step's grants together: what its integrations give, their secrets, and over those its own.
 * Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
class StepGrantsReader {
  private final IntegrationSettings integrations;
  private final SecretValues secrets;

  StepGrantsReader(IntegrationSettings integrations, SecretValues secrets) {
    this.integrations = integrations;
    this.secrets = secrets;
  }

  /** Fails with 422 when there is one that cannot be used: the step must not start. */
  Uni<StepGrants> read(GrantedStep step, Caller caller) {
    UUID organization = step.organizationId();
    return integrations
        .of(organization, step.grants().integrations())
        .chain(
            settings -> {
              Map<String, String> named = new HashMap<>(settings.secrets());
              named.putAll(step.grants().secrets());
              return secrets
                  .reveal(organization, new HashSet<>(named.values()))
                  .map(values -> grants(settings, named, values));
            })
        .onFailure(UnusableSecretsException.class)
        .transform(failure -> unusable("secrets", failure))
        .onFailure(UnusableIntegrationException.class)
        .transform(failure -> unusable("integrations", failure));
  }

  private static StepGrants grants(
      IntegrationVariables settings, Map<String, String> named, Map<String, String> values) {
    Map<String, String> variables = new HashMap<>(settings.variables());
    named.forEach((variable, secret) -> variables.put(variable, values.get(secret)));
    return new StepGrants(variables, List.copyOf(named.keySet()), settings.cluster());
  }

  private static ApiException unusable(String field, Throwable failure) {
    return new ApiException(
        ErrorCode.VALIDATION_ERROR,
        422,
        failure.getMessage(),
        Map.of("field", field, "error", failure.getMessage()));
  }
}
