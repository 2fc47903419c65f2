package dev.gantry.runner.docker;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.ContainerSpec.Repository;
import dev.gantry.executions.protocol.ContainerSpec.Service;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.container.GitClone;
import dev.gantry.runner.container.Places;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a step finds in and beside its container; pure, so the same after a restart.
 *
 * @param files contents by where they are, which may tell what is granted
 * @param volumes names by where they are
 * @param services with their texts as they are to be used
 * @param repository how it is cloned, or null
 */
record Surroundings(
    Map<Path, String> files,
    Map<Path, String> volumes,
    List<Service> services,
    GitClone repository) {
  private static final ContainerSpec NOTHING = new ContainerSpec(null, null, null, null);

  /**
   * @param environment of the step's program
   * @throws IllegalArgumentException when it cannot be had as it is written; the message says why
   */
  static Surroundings of(AttemptRequest request, Map<String, String> environment) {
    ContainerSpec wanted =
        request.step().container() == null ? NOTHING : request.step().container();
    Map<Path, String> files = new TreeMap<>();
    Map<Path, String> volumes = new TreeMap<>();
    Map<Path, Object> taken = new TreeMap<>();
    GitClone clone = clone(request, wanted.repository(), environment);
    if (clone != null) {
      take(taken, clone.target());
    }
    wanted
        .files()
        .forEach(
            file ->
                files.put(
                    take(taken, place(request, "a file", file.destination())),
                    request.filledWithGrants(file.content())));
    wanted
        .volumes()
        .forEach(
            volume ->
                volumes.put(take(taken, place(request, "a volume", volume.path())), volume.name()));
    return new Surroundings(
        files,
        volumes,
        wanted.services().stream().map(service -> filled(request, service)).toList(),
        clone);
  }

  private static Path place(AttemptRequest request, String what, String path) {
    return Places.destination(what, ContainerPlan.HOME, request.filled(path));
  }

  private static Path take(Map<Path, Object> taken, Path place) {
    if (taken.put(place, place) != null) {
      throw new IllegalArgumentException("two things are to be at " + place);
    }
    return place;
  }

  private static Service filled(AttemptRequest request, Service service) {
    Map<String, String> environment = new LinkedHashMap<>();
    service.env().forEach((name, value) -> environment.put(name, request.filledWithGrants(value)));
    return new Service(
        service.name(),
        request.filled(service.image()).strip(),
        environment,
        service.entrypoint().stream().map(request::filled).toList(),
        service.ports());
  }

  private static GitClone clone(
      AttemptRequest request, Repository repository, Map<String, String> environment) {
    if (repository == null) {
      return null;
    }
    GitClone clone =
        GitClone.of(
            new Repository(
                request.filled(repository.url()),
                request.filled(repository.branch()),
                request.filled(repository.dir())),
            environment,
            ContainerPlan.HOME);
    if (clone.target().toString().indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "the repository cannot be put at " + clone.target() + ": a path has no colon here");
    }
    if (clone.target().equals(Places.WORK) && usesWork(request)) {
      throw new IllegalArgumentException(
          "the repository takes the place of the whole work directory, in which the step has files"
              + " or artifacts: name another dir in with_git_repo");
    }
    return clone;
  }

  private static boolean usesWork(AttemptRequest request) {
    return !request.files().files().isEmpty()
        || !request.step().artifacts().isEmpty()
        || request.step().wantsArtifacts();
  }

  /** Whether there is more than the one container. */
  boolean hasCompanions() {
    return !services.isEmpty() || repository != null;
  }
}
