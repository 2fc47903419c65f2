package dev.gantry.runner.disk;

import com.sun.management.OperatingSystemMXBean;
import dev.gantry.runner.Load;
import dev.gantry.runners.protocol.Heartbeat.Amount;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Processors and memory of this host, or of the container around this process: the JVM looks at the
 * limits of both versions of cgroups, but for parts of a processor and for memory that a host can
 * have back at once. May block for a moment.
 */
public final class HostLoad {
  private static final Path ROOT = Path.of("/");
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Path root;

  public HostLoad() {
    this(ROOT);
  }

  /**
   * @param root where {@code proc} and {@code sys} are
   */
  HostLoad(Path root) {
    this.root = root;
  }

  public Load now() {
    long cpu = cpuMillis();
    long memory = system.getTotalMemorySize();
    // Negative when it is not known, as at the first call.
    long busy = Math.round(Math.max(0, system.getCpuLoad()) * cpu);
    return new Load(new Amount(cpu, memory), new Amount(busy, memory - available(memory)));
  }

  long cpuMillis() {
    long whole = 1000L * Runtime.getRuntime().availableProcessors();
    return quota().map(quota -> Math.min(quota, whole)).orElse(whole);
  }

  /** Empty when there is no limit. */
  private Optional<Long> quota() {
    return words("sys/fs/cgroup/cpu.max")
        .or(
            () ->
                words("sys/fs/cgroup/cpu/cpu.cfs_quota_us")
                    .flatMap(
                        quota ->
                            words("sys/fs/cgroup/cpu/cpu.cfs_period_us")
                                .map(period -> new String[] {quota[0], period[0]})))
        .filter(limit -> limit.length == 2 && limit[0].matches("\\d+"))
        .map(limit -> 1000 * Long.parseLong(limit[0]) / Long.parseLong(limit[1]));
  }

  /** A host's caches count as free; a container's do not, since nobody can tell which are its. */
  private long available(long memory) {
    return words("proc/meminfo")
        .filter(words -> words[0].equals("MemTotal:") && 1024 * number(words, 1) == memory)
        .map(words -> 1024 * after(words, "MemAvailable:"))
        .filter(available -> available > 0)
        .orElseGet(system::getFreeMemorySize);
  }

  private static long after(String[] words, String name) {
    for (int i = 0; i < words.length; i++) {
      if (words[i].equals(name)) {
        return number(words, i + 1);
      }
    }
    return 0;
  }

  private static long number(String[] words, int place) {
    return Long.parseLong(words[place]);
  }

  /** Empty when there is no such file here. */
  private Optional<String[]> words(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file)).trim().split("\\s+"));
    } catch (IOException notHere) {
      return Optional.empty();
    }
  }
}
