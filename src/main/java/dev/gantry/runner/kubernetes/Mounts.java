package dev.gantry.runner.kubernetes;

import dev.gantry.runner.container.Places;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The volumes of a pod, and where the step's container has them. Add volumes first, then folders,
 * then files. Not for several threads.
 */
final class Mounts {
  static final String WORK = "work";
  static final String HOME = "home";
  private static final String FILES = "files";
  private static final int EXECUTABLE = 0555;

  private final List<Volume> volumes = new ArrayList<>();
  private final List<KeyToPath> items = new ArrayList<>();

  /** In the order of their paths: what lies in another one follows it. */
  private final Map<Path, VolumeMount> mounts = new TreeMap<>();

  /** With what every step has. */
  Mounts() {
    empty(WORK, Places.WORK);
    empty(HOME, PodPlaces.HOME);
    empty("tmp", Places.TMP);
  }

  /** A volume that is there as long as the pod. */
  void empty(String name, Path place) {
    add(new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build(), place, false);
  }

  /**
   * A volume where nothing else is mounted.
   *
   * @throws IllegalArgumentException when something is
   */
  void add(Volume volume, Path place, boolean readOnly) {
    volumes.add(volume);
    put(place, volume.getName(), null, readOnly);
  }

  /**
   * Sees to it that a folder is there, and that the step's user may write to it: what a container's
   * runtime makes by itself is root's. In the image's own file system it is left to the runtime.
   */
  void folder(Path place) {
    Path base = place;
    while (base != null && !mounts.containsKey(base)) {
      base = base.getParent();
    }
    if (base == null) {
      return;
    }
    VolumeMount in = mounts.get(base);
    if (FILES.equals(in.getName())) {
      throw new IllegalArgumentException("nothing can be in " + place + ": " + base + " is a file");
    }
    if (base.equals(place)) {
      return;
    }
    String below = base.relativize(place).toString();
    put(
        place,
        in.getName(),
        in.getSubPath() == null ? below : in.getSubPath() + "/" + below,
        false);
  }

  /**
   * A content of the attachment as a file, which cannot be written to.
   *
   * @throws IllegalArgumentException when something else is there
   */
  void file(Path place, String key) {
    folder(place.getParent());
    items.add(new KeyToPathBuilder().withKey(key).withPath(key).build());
    put(place, FILES, key, true);
  }

  /** The same that may be executed. */
  void program(Path place, String key) {
    items.add(new KeyToPathBuilder().withKey(key).withPath(key).withMode(EXECUTABLE).build());
    put(place, FILES, key, true);
  }

  private void put(Path place, String volume, String subPath, boolean readOnly) {
    if (place.toString().indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "nothing can be put at " + place + ": Kubernetes takes no colon in a path");
    }
    VolumeMount mount =
        new VolumeMountBuilder()
            .withName(volume)
            .withMountPath(place.toString())
            .withSubPath(subPath)
            .withReadOnly(readOnly ? true : null)
            .build();
    if (mounts.putIfAbsent(place, mount) != null) {
      throw new IllegalArgumentException("two things are to be at " + place);
    }
  }

  List<VolumeMount> mounts() {
    return List.copyOf(mounts.values());
  }

  /** One of the volumes that every step has, for another container. */
  static VolumeMount whole(String name, Path place) {
    return new VolumeMountBuilder().withName(name).withMountPath(place.toString()).build();
  }

  List<Volume> volumes(Attachment attachment, int mode) {
    List<Volume> all = new ArrayList<>(volumes);
    if (!items.isEmpty()) {
      all.add(attachment.volume(FILES, items, mode));
    }
    return all;
  }
}
