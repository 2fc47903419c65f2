package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.HostConfig;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.runner.AttemptListener;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.disk.DiskAttempt;
import dev.gantry.runner.disk.ProgramEnd;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/**
 * A program that is a container. One thread asks the daemon for what is to be done next, and again
 * for as long as the daemon does not answer: create, start, follow the log to its end, see how it
 * ended. All of it may be asked twice, so a process after this one begins where the container is.
 */
final class DockerAttempt extends DiskAttempt {
  private static final Logger LOG = Logger.getLogger(DockerAttempt.class);

  /** Holds the container's id and when it was started. */
  private static final String STARTED = "started";

  private final DockerResources resources;
  private final Daemon daemon;
  private final String name;
  private ContainerPlan plan;

  /** When it was first asked to end; null before. */
  private Instant askedAt;

  /** Guarded by this: nobody may start the container any more. */
  private boolean withdrawn;

  /** Guarded by this: the container may run; in doubt it does. */
  private boolean mayRun;

  /** Why it is to be ended once it is known whether it runs; else null. */
  private Wish wish;

  DockerAttempt(AttemptRequest request, AttemptListener listener, DockerResources resources) {
    super(request, listener, resources.disk());
    this.resources = resources;
    this.daemon = resources.daemon();
    this.name = ContainerPlan.name(request.key());
  }

  private record Wish(Outcome outcome, String reason, Duration grace) {}

  private interface Life {
    void run() throws DaemonAwayException, InterruptedException;
  }

  /** What the daemon is asked for. */
  interface Question<T> {
    T ask() throws DaemonAwayException, InterruptedException;
  }

  @Override
  protected void open() {
    if (directory().exists()) {
      mayRun(true);
      live(this::find);
    } else {
      prepare();
    }
  }

  /** Goes on, on a thread of its own, until the program has ended or all is closed. */
  private void live(Life life) {
    try {
      resources
          .threads()
          .execute(
              () -> {
                try {
                  life.run();
                } catch (InterruptedException closed) {
                  Thread.currentThread().interrupt();
                } catch (CancellationException over) {
                  LOG.debugf("nothing more is asked of %s", name);
                } catch (DaemonAwayException | RuntimeException e) {
                  LOG.errorf(e, "attempt %s is left to the next process", name);
                }
              });
    } catch (RejectedExecutionException closed) {
      LOG.debugf("attempt %s is left to the next process", name);
    }
  }

  /** A process before this one may have created the container, and did not live to tell. */
  private void find() throws InterruptedException, DaemonAwayException {
    Optional<ContainerState> found = persist(() -> daemon.find(name));
    if (found.isPresent()) {
      inTurn(() -> adopt(found.get()));
    } else if (directory().text(STARTED).isPresent()) {
      inTurn(
          () -> {
            recall();
            plan();
            lost();
          });
    } else {
      inTurn(this::prepareAfterAll);
    }
  }

  private void prepareAfterAll() {
    mayRun(false);
    if (wish == null) {
      prepare();
    } else {
      couldNotStart(wish.outcome(), wish.reason());
    }
  }

  private synchronized void mayRun(boolean may) {
    mayRun = may;
  }

  private void adopt(ContainerState state) {
    if (!state.isOf(request().key())) {
      couldNotStart(
          Outcome.INFRASTRUCTURE,
          "a container named " + name + " is there and was not made by Gantry; remove it");
      return;
    }
    recall();
    plan();
    mayRun(state.startedAt() != null);
    if (state.startedAt() == null && wish != null) {
      couldNotStart(wish.outcome(), wish.reason());
    } else if (state.startedAt() == null) {
      live(this::startCreated);
    } else {
      runs(state);
      live(this::follow);
    }
  }

  private void plan() {
    plan =
        ContainerPlan.of(
            request(),
            resources.settings().image(),
            resources.labels(),
            resources.disk().work(request()));
  }

  @Override
  protected void start() throws IOException {
    plan();
    directory().create(request().grants());
    plan.directory().prepare();
    String user = resources.users().of(plan.directory().work().path());
    mounts().prepare();
    if (plan.surroundings().hasCompanions()) {
      directory().keep(AttemptContainers.COMPANIONS, "");
    }
    live(() -> create(user));
  }

  private StepMounts mounts() {
    return new StepMounts(directory(), plan, resources);
  }

  private Companions companions(String user) {
    return new Companions(
        request().key(), plan, mounts(), user, resources, this::persistUnlessOver);
  }

  private void create(String user) throws InterruptedException, DaemonAwayException {
    Companions companions = companions(user);
    try {
      if (plan.surroundings().hasCompanions()) {
        companions.begin();
      }
      HostConfig host = companions.within(resources.settings().host(mounts().binds()));
      boolean created = persistUnlessOver(() -> daemon.create(plan.creation(host, user)));
      if (created) {
        startCreated();
      } else {
        find();
      }
    } catch (RefusedException e) {
      inTurn(() -> couldNotStart(e));
    } catch (CancellationException over) {
      // Its end may have been told before the last of this was there.
      if (!resources.disk().closed()) {
        new AttemptContainers(daemon, resources.labels()).remove(request().key());
      }
      throw over;
    }
  }

  private <T> T persistUnlessOver(Question<T> question) throws InterruptedException {
    if (isOver()) {
      throw new CancellationException("nobody waits for it");
    }
    return persist(question);
  }

  /** It is there, and nobody has started it; or somebody has, and was not answered. */
  private void startCreated() throws InterruptedException, DaemonAwayException {
    if (!mayStart()) {
      persist(
          () -> {
            daemon.remove(name);
            return true;
          });
      return;
    }
    try {
      companions(null).join(name, List.of());
      persist(
          () -> {
            daemon.start(name);
            return true;
          });
    } catch (RefusedException e) {
      inTurn(() -> couldNotStart(e));
      return;
    }
    Optional<ContainerState> state = persist(() -> daemon.find(name));
    if (state.filter(each -> each.startedAt() != null).isEmpty()) {
      inTurn(() -> couldNotStart(Outcome.INFRASTRUCTURE, "container " + name + " was removed"));
      return;
    }
    inTurn(() -> runs(state.get()));
    follow();
  }

  private synchronized boolean mayStart() {
    mayRun = !withdrawn;
    return mayRun;
  }

  private void couldNotStart(RefusedException e) {
    if (wish != null) {
      couldNotStart(wish.outcome(), wish.reason());
    } else {
      couldNotStart(
          e.isOfTheStep() ? Outcome.FAILED : Outcome.INFRASTRUCTURE,
          String.valueOf(e.getMessage()));
    }
  }

  /** When nobody can have started it, it is over at once; else when the daemon has said so. */
  @Override
  protected void withdraw(Outcome outcome, String reason, Duration grace) {
    synchronized (this) {
      if (mayRun) {
        wish = wish == null ? new Wish(outcome, reason, grace) : wish;
        return;
      }
      withdrawn = true;
    }
    couldNotStart(outcome, reason);
  }

  private void runs(ContainerState state) {
    directory().keep(STARTED, state.startedAt() + " " + state.id());
    begun(state.startedAt(), plan.notes(), plan.directory());
    if (wish != null) {
      stop(wish.outcome(), wish.reason(), wish.grace());
    }
  }

  /**
   * Following ends when the container has, or the connection to the daemon did; some versions leave
   * out the last of what was written quickly. So once the container has ended its log is read as a
   * whole. What is in the files is passed over.
   */
  private void follow() throws InterruptedException, DaemonAwayException {
    boolean wasAway = false;
    Pause pause = new Pause();
    while (true) {
      wasAway |= !readLog(true);
      Optional<ContainerState> state = persist(() -> daemon.find(name));
      if (state.isEmpty()) {
        inTurn(this::lost);
        return;
      }
      if (state.get().hasEnded() && readLog(false)) {
        boolean broken = wasAway;
        inTurn(() -> ended(state.get(), broken));
        return;
      }
      pause.take();
    }
  }

  /** False when it was not read to its end. */
  private boolean readLog(boolean follow) throws InterruptedException {
    try (LogFiles log = new LogFiles(directory())) {
      daemon.log(name, follow, log);
      return true;
    } catch (DaemonAwayException | RefusedException e) {
      LOG.debugf("the log of %s is read again: %s", name, e.getMessage());
      return false;
    } catch (IOException e) {
      LOG.errorf("the log of %s cannot be written and is read again: %s", name, e);
      return false;
    }
  }

  private void ended(ContainerState state, boolean daemonWasAway) {
    if (askedAt != null && state.finishedAt().isBefore(askedAt)) {
      endedBefore();
    }
    ended(ContainerEnd.of(state, resources.settings().memory(), daemonWasAway));
  }

  private void lost() {
    if (startedAt() == null) {
      String started = directory().text(STARTED).orElse("").split(" ", 2)[0];
      begun(Instant.parse(started), plan.notes(), plan.directory());
    }
    ended(
        new ProgramEnd(
            Outcome.INFRASTRUCTURE,
            null,
            "container "
                + name
                + " was removed while its step was under way; how the program ended is not known",
            Instant.now()));
  }

  @Override
  protected Reach reach() {
    return Reach.YES;
  }

  @Override
  protected void terminate(String signal) {
    ask(signal);
  }

  @Override
  protected void kill() {
    ask("KILL");
  }

  private void ask(String signal) {
    askedAt = askedAt == null ? Instant.now() : askedAt;
    live(
        () ->
            persist(
                () -> {
                  daemon.signal(name, signal);
                  return true;
                }));
  }

  /** Asks until there is an answer, or nobody waits for it any more. */
  private <T> T persist(Question<T> question) throws InterruptedException {
    Pause pause = new Pause();
    while (true) {
      try {
        return question.ask();
      } catch (DaemonAwayException e) {
        if (isOver()) {
          throw new CancellationException(e.getMessage());
        }
        pause.take();
      }
    }
  }
}
