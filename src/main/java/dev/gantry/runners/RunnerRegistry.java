package dev.gantry.runners;

import dev.gantry.apikeys.KeyIssuer;
import dev.gantry.executions.RunnerLoad;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.messaging.TopicCatalog;
import dev.gantry.resources.Identity;
import dev.gantry.resources.ResourceStore;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Registers, changes and removes the runners of an organization. Event loop, on the caller's
 * context; never blocks.
 */
@ApplicationScoped
class RunnerRegistry {
  private static final Logger LOG = Logger.getLogger(RunnerRegistry.class);

  private final ResourceStore store;
  private final RunnerNames names;
  private final TopicCatalog catalog;
  private final RunnerLoad load;
  private final KeyIssuer keys;

  /**
   * @param token what the runner enrols with; nobody can read it again
   */
  record Registered(Runner runner, String token) {}

  RunnerRegistry(
      ResourceStore store,
      RunnerNames names,
      TopicCatalog catalog,
      RunnerLoad load,
      KeyIssuer keys) {
    this.store = store;
    this.names = names;
    this.catalog = catalog;
    this.load = load;
    this.keys = keys;
  }

  /** Fails with 403 for a runner that is shared. */
  static void requireOwn(RunnerReader.Found found) {
    if (found.view().shared()) {
      throw new ApiException(
          ErrorCode.AUTHORIZATION_ERROR,
          "The runner is shared by all organizations and set up with the installation;"
              + " register one of your own",
          Map.of("runner", found.view().name()));
    }
  }

  /** Fails with 409 when the name is not to be had. */
  Uni<Registered> register(Actor actor, RunnerRequest body) {
    Runner runner = new Runner();
    runner.name = body.name();
    runner.type = body.type();
    body.applyTo(runner);
    return names
        .isServed(runner.name)
        .chain(served -> Panache.withTransaction(() -> store(runner, actor, served)))
        .call(() -> catalog.createCommands(runner.name).onFailure().recoverWithUni(this::later));
  }

  private Uni<Registered> store(Runner runner, Actor actor, boolean served) {
    return names
        .claim(runner.name, actor.organization(), served)
        .chain(() -> store.create(runner, actor, made -> keys.issueToRunner(actor, made.name)))
        .map(token -> new Registered(runner, token));
  }

  /** Another token, in place of those before it. */
  Uni<String> newToken(Actor actor, String name) {
    return store
        .get(Runner.class, Identity.byName(actor, name))
        .chain(() -> keys.issueToRunner(actor, name));
  }

  /** The topic is asked for again with the first execution, and at the runner's own start. */
  private Uni<Void> later(Throwable failure) {
    LOG.warnf("a runner is registered and its commands topic is not there yet: %s", failure);
    return Uni.createFrom().voidItem();
  }

  Uni<Runner> update(Actor actor, String name, String ifMatch, RunnerRequest body) {
    return store.update(
        Runner.class,
        Identity.byName(actor, name),
        ifMatch,
        runner -> {
          body.checkFor(runner);
          body.applyTo(runner);
        });
  }

  /** Removes it with its tokens; fails with 409 while there is work for it. */
  Uni<Runner> delete(Actor actor, String name, String ifMatch) {
    return load.alive(actor.organization(), name)
        .invoke(alive -> requireIdle(name, alive))
        .chain(() -> Panache.withTransaction(() -> deleted(actor, name, ifMatch)));
  }

  private Uni<Runner> deleted(Actor actor, String name, String ifMatch) {
    return store
        .delete(Runner.class, Identity.byName(actor, name), ifMatch)
        .call(() -> keys.revokeOfRunner(actor.organization(), name));
  }

  private static void requireIdle(String name, long executions) {
    if (executions > 0) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "There are executions for this runner that have not ended: wait for them or cancel them",
          Map.of("runner", name, "executions", executions));
    }
  }
}
