package dev.gantry.runner.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runner.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLoadTest {
  private static final long WHOLE = 1000L * Runtime.getRuntime().availableProcessors();

  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }

  @Test
  void knowsPartsOfAProcessorFromEitherVersionOfCgroups() throws IOException {
    assertThat(new HostLoad(root).cpuMillis()).isEqualTo(WHOLE);
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "25000");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    assertThat(new HostLoad(root).cpuMillis()).isEqualTo(250);

    write("sys/fs/cgroup/cpu.max", "50000 100000");

    assertThat(new HostLoad(root).cpuMillis()).isEqualTo(500);
    write("sys/fs/cgroup/cpu.max", "99900000 100000");
    assertThat(new HostLoad(root).cpuMillis()).isEqualTo(WHOLE);
  }

  @Test
  void hasAllProcessorsWithoutALimit() throws IOException {
    write("sys/fs/cgroup/cpu.max", "max 100000");
    assertThat(new HostLoad(root).cpuMillis()).isEqualTo(WHOLE);
    Files.delete(root.resolve("sys/fs/cgroup/cpu.max"));
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    assertThat(new HostLoad(root).cpuMillis()).isEqualTo(WHOLE);
  }

  @Test
  void aHostsCachesCountAsFree() throws IOException {
    long total = new HostLoad(root).now().capacity().memoryBytes();
    write(
        "proc/meminfo", "MemTotal: " + total / 1024 + " kB\nMemFree: 1 kB\nMemAvailable: 2048 kB");

    Load load = new HostLoad(root).now();

    assertThat(load.usage().memoryBytes()).isEqualTo(total - (2 << 20));
  }

  @Test
  void usesNoMoreThanThereIs() {
    Load load = new HostLoad().now();

    assertThat(load.usage().cpuMillis()).isBetween(0L, load.capacity().cpuMillis());
    assertThat(load.usage().memoryBytes()).isBetween(1L, load.capacity().memoryBytes());
  }
}
