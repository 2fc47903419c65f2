package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.SELContext;
import com.github.dockerjava.api.model.Volume;
import dev.gantry.runner.container.Places;
import dev.gantry.runner.disk.AttemptDirectory;
import dev.gantry.runner.disk.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What a step's container has mounted: the execution's work directory, and of the attempt's own
 * directory its script, its files, the folders that are there as long as it, and its clone. Nothing
 * that a step names is a path of this host. May block.
 */
final class StepMounts {
  private static final Logger LOG = Logger.getLogger(StepMounts.class);
  private static final String FILES = "files";
  private static final String VOLUMES = "volumes";
  private static final String CLONE = "clone";

  private final AttemptDirectory directory;
  private final ContainerPlan plan;
  private final DockerResources resources;

  StepMounts(AttemptDirectory directory, ContainerPlan plan, DockerResources resources) {
    this.directory = directory;
    this.plan = plan;
    this.resources = resources;
  }

  /** Makes what is mounted, for the user that the program runs as. */
  void prepare() throws IOException {
    if (plan.script() != null) {
      write(directory.script(), plan.script());
    }
    int number = 0;
    for (var file : plan.surroundings().files().entrySet()) {
      Files.createDirectories(directory.path().resolve(FILES));
      write(file(number++), file.getValue());
      point(file.getKey(), false);
    }
    for (var volume : plan.surroundings().volumes().entrySet()) {
      if (!outlives(volume.getValue())) {
        make(volume(volume.getValue()));
      }
      point(volume.getKey(), true);
    }
    if (plan.surroundings().repository() != null) {
      make(cloned());
      point(plan.surroundings().repository().target(), true);
    }
  }

  private void make(Path folder) throws IOException {
    Files.createDirectories(folder);
    String unused = resources.users().of(folder);
  }

  private void write(Path file, String text) throws IOException {
    PrivateFile.write(file, text);
    if (resources.users().areSet()
        && !(file.toFile().setReadable(true, false) && file.toFile().setExecutable(true, false))) {
      throw new IOException(file + " cannot be made readable");
    }
  }

  /** In the work directory it is the runner's: else the daemon would make it, as its superuser. */
  private void point(Path place, boolean folder) throws IOException {
    if (!place.startsWith(Places.WORK) || place.equals(Places.WORK)) {
      return;
    }
    Path here = plan.directory().work().inside(Places.WORK.relativize(place).toString());
    if (Files.exists(here)) {
      return;
    }
    Files.createDirectories(here.getParent());
    if (folder) {
      make(here);
    } else {
      Files.createFile(here);
    }
  }

  private boolean outlives(String volume) {
    return resources.settings().volumes().contains(volume);
  }

  private Path file(int number) {
    return directory.path().resolve(FILES).resolve(Integer.toString(number));
  }

  private Path volume(String name) {
    return directory.path().resolve(VOLUMES).resolve(name);
  }

  private Path cloned() {
    return directory.path().resolve(CLONE);
  }

  /** Of the step's container. */
  List<Bind> binds() {
    List<Bind> binds = new ArrayList<>();
    Surroundings around = plan.surroundings();
    if (around.repository() == null || !around.repository().target().equals(Places.WORK)) {
      binds.add(bind(plan.directory().work().path().toString(), Places.WORK, AccessMode.rw));
    }
    if (plan.script() != null) {
      binds.add(bind(directory.script().toString(), Path.of(ContainerPlan.SCRIPT), AccessMode.ro));
    }
    if (around.repository() != null) {
      Path target =
          cloned().resolve(Places.WORK.relativize(around.repository().target())).normalize();
      binds.add(bind(target.toString(), around.repository().target(), AccessMode.rw));
    }
    around
        .volumes()
        .forEach(
            (place, name) ->
                binds.add(
                    bind(outlives(name) ? name : volume(name).toString(), place, AccessMode.rw)));
    int number = 0;
    for (Path place : around.files().keySet()) {
      binds.add(bind(file(number++).toString(), place, AccessMode.ro));
    }
    return binds;
  }

  /** Of the container that clones: it sees nothing that a step has left. */
  List<Bind> bindsOfClone() {
    return List.of(bind(cloned().toString(), Places.WORK, AccessMode.rw));
  }

  private static Bind bind(String from, Path to, AccessMode mode) {
    return new Bind(from, new Volume(to.toString()), mode, SELContext.shared);
  }

  /** What is of no use once the container has gone; what cannot be removed is left to the sweep. */
  static void remove(AttemptDirectory directory) {
    for (String name : List.of(FILES, VOLUMES, CLONE)) {
      Path folder = directory.path().resolve(name);
      if (Files.isDirectory(folder)) {
        remove(folder);
      }
    }
  }

  /** Deepest first; links are removed and not followed. */
  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debugf("%s is left to the next sweep: %s", folder, e);
    }
  }
}
