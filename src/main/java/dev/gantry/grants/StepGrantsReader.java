package dev.gantry.grants;

import dev.gantry.apikeys.StepTokens;
import dev.gantry.executions.GrantedSteps.GrantedStep;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.http.Actor;
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
  private final StepTokens tokens;

  StepGrantsReader(IntegrationSettings integrations, SecretValues secrets, StepTokens tokens) {
    this.integrations = integrations;
    this.secrets = secrets;
    this.tokens = tokens;
  }

  /** Fails with 422 when there is one that cannot be used: the step must not start. */
  Uni<StepGrants> read(GrantedStep step, UUID execution, AttemptRef attempt, Caller caller) {
    Uni<StepGrants> grants = ofOrganization(step, caller);
    return step.callsApi()
        ? grants.chain(
            others ->
                token(step, execution, attempt).map(token -> others.with(StepGrants.TOKEN, token)))
        : grants;
  }

  private Uni<String> token(GrantedStep step, UUID execution, AttemptRef attempt) {
    if (step.callerKey() == null) {
      return Uni.createFrom()
          .failure(
              unusable(
                  "steps",
                  "no API key has asked for this execution, so its steps cannot call the API:"
                      + " let one execute or trigger it"));
    }
    return tokens
        .issue(step.callerKey(), execution, attempt.step(), attempt.attempt())
        .onItem()
        .ifNull()
        .failWith(() -> unusable("steps", "the API key that asked for this execution is gone"));
  }

  private Uni<StepGrants> ofOrganization(GrantedStep step, Caller caller) {
    UUID organization = step.organizationId();
    Actor actor = caller.actor().in(organization);
    Map<String, Object> what =
        Map.of(
            "execution_id", step.executionId(), "execution", step.execution(), "step", step.step());
    return integrations
        .of(organization, step.grants().integrations())
        .chain(
            settings -> {
              Map<String, String> named = new HashMap<>(settings.secrets());
              named.putAll(step.grants().secrets());
              return secrets
                  .use(actor, new HashSet<>(named.values()), what)
                  .map(values -> grants(settings, named, values));
            })
        .onFailure(UnusableSecretsException.class)
        .transform(failure -> unusable("secrets", failure.getMessage()))
        .onFailure(UnusableIntegrationException.class)
        .transform(failure -> unusable("integrations", failure.getMessage()));
  }

  private static StepGrants grants(
      IntegrationVariables settings, Map<String, String> named, Map<String, String> values) {
    Map<String, String> variables = new HashMap<>(settings.variables());
    named.forEach((variable, secret) -> variables.put(variable, values.get(secret)));
    return new StepGrants(variables, List.copyOf(named.keySet()), settings.cluster());
  }

  private static ApiException unusable(String field, String why) {
    return new ApiException(
        ErrorCode.VALIDATION_ERROR, 422, why, Map.of("field", field, "error", why));
  }
}
