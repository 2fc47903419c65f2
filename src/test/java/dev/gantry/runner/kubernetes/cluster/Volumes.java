package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lays a pod's volumes out below a folder, and says where a container has them. */
final class Volumes {
  private final Pod pod;
  private final Path folder;
  private final Path claims;
  private final KeyValues values;
  private final Map<String, Path> places = new HashMap<>();
  private final Map<String, Boolean> readOnly = new HashMap<>();

  /** {@code claims} is where persistent volumes outlive their pods. */
  Volumes(Pod pod, Path folder, Path claims, KeyValues values) {
    this.pod = pod;
    this.folder = folder;
    this.claims = claims;
    this.values = values;
  }

  void lay() throws IOException, NotReadyException {
    Files.createDirectories(folder);
    Files.createDirectories(claims);
    for (Volume volume : pod.getSpec().getVolumes()) {
      places.put(volume.getName(), lay(volume));
    }
  }

  /** Outer folders come before what is mounted into them; {@code shared} are where they are. */
  List<Mount> of(Container container, List<Path> shared) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    shared.forEach(place -> mounts.add(new Mount(place, place.toString(), false)));
    for (VolumeMount mount : container.getVolumeMounts()) {
      Path source = places.get(mount.getName());
      if (mount.getSubPath() != null && !mount.getSubPath().isEmpty()) {
        source = source.resolve(mount.getSubPath());
        if (!Files.exists(source)) {
          Files.createDirectories(source);
        }
      }
      boolean fixed =
          Boolean.TRUE.equals(mount.getReadOnly()) || readOnly.getOrDefault(mount.getName(), false);
      mounts.add(new Mount(source, mount.getMountPath(), fixed));
    }
    if (!pod.getSpec().getHostAliases().isEmpty()) {
      mounts.add(new Mount(hosts(), "/etc/hosts", true));
    }
    mounts.sort(Comparator.comparing(mount -> mount.target().length()));
    return mounts;
  }

  private Path hosts() throws IOException {
    StringBuilder lines = new StringBuilder("127.0.0.1\tlocalhost\n");
    for (HostAlias alias : pod.getSpec().getHostAliases()) {
      lines.append(alias.getIp() + "\t" + String.join("\t", alias.getHostnames()) + "\n");
    }
    Path hosts = Files.createDirectories(folder).resolve("hosts of the pod");
    return Files.writeString(hosts, lines);
  }

  private Path lay(Volume volume) throws IOException, NotReadyException {
    Path place = Files.createDirectories(folder.resolve(volume.getName()));
    if (volume.getEmptyDir() != null) {
      open(place);
    } else if (volume.getConfigMap() != null) {
      lay(volume.getConfigMap(), place);
    } else if (volume.getSecret() != null) {
      lay(volume.getSecret(), place);
    } else if (volume.getDownwardAPI() != null) {
      for (DownwardAPIVolumeFile file : volume.getDownwardAPI().getItems()) {
        String value = FieldRefs.value(pod, file.getFieldRef().getFieldPath());
        Integer mode =
            file.getMode() == null ? volume.getDownwardAPI().getDefaultMode() : file.getMode();
        write(place.resolve(file.getPath()), value.getBytes(StandardCharsets.UTF_8), mode);
      }
    } else if (volume.getPersistentVolumeClaim() != null) {
      String name = volume.getPersistentVolumeClaim().getClaimName();
      return open(Files.createDirectories(claims.resolve(name)));
    } else {
      throw new NotReadyException(
          "FailedMount", "the test's cluster does not do this volume: " + volume.getName());
    }
    readOnly.put(volume.getName(), volume.getEmptyDir() == null);
    return place;
  }

  private void lay(ConfigMapVolumeSource source, Path place) throws IOException, NotReadyException {
    lay(
        values.configMap(source.getName()),
        "configmap \"" + source.getName() + "\" not found",
        Boolean.TRUE.equals(source.getOptional()),
        source.getItems(),
        source.getDefaultMode(),
        place);
  }

  private void lay(SecretVolumeSource source, Path place) throws IOException, NotReadyException {
    lay(
        values.secret(source.getSecretName()),
        "secret \"" + source.getSecretName() + "\" not found",
        Boolean.TRUE.equals(source.getOptional()),
        source.getItems(),
        source.getDefaultMode(),
        place);
  }

  private static void lay(
      Optional<Map<String, byte[]>> found,
      String missing,
      boolean optional,
      List<KeyToPath> items,
      Integer defaultMode,
      Path place)
      throws IOException, NotReadyException {
    if (found.isEmpty() && !optional) {
      throw new NotReadyException("FailedMount", missing);
    }
    Map<String, byte[]> all = found.orElse(Map.of());
    if (items.isEmpty()) {
      for (Map.Entry<String, byte[]> entry : all.entrySet()) {
        write(place.resolve(entry.getKey()), entry.getValue(), defaultMode);
      }
    }
    for (KeyToPath item : items) {
      byte[] value = all.get(item.getKey());
      if (value != null) {
        write(
            place.resolve(item.getPath()),
            value,
            item.getMode() == null ? defaultMode : item.getMode());
      } else if (!optional) {
        throw new NotReadyException(
            "FailedMount", "references non-existent config key: " + item.getKey());
      }
    }
  }

  private static void write(Path file, byte[] content, Integer mode) throws IOException {
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    Files.write(file, content);
    Files.setPosixFilePermissions(file, permissions(mode == null ? 0644 : mode));
  }

  private static Path open(Path place) throws IOException {
    Files.setPosixFilePermissions(place, EnumSet.allOf(PosixFilePermission.class));
    return place;
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    // owner, group, others; read, write, execute: from the highest of nine bits
    PosixFilePermission[] all = PosixFilePermission.values();
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < all.length; bit++) {
      if ((mode & (0400 >> bit)) != 0) {
        permissions.add(all[bit]);
      }
    }
    return permissions;
  }
}
