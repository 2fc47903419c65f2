package dev.gantry.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The machine that a result was found on, without which a figure says nothing; its load before the
 * bench tells whether somebody else was at work.
 */
final class Machine {
  private Machine() {}

  /**
   * @param data where Gantry keeps its data: what a commit costs depends on the file system
   */
  static Map<String, Object> describe(Path data) throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("processor", processor());
    machine.put("memory_mib", system.getTotalMemorySize() >> 20);
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("arch", System.getProperty("os.arch"));
    machine.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
    machine.put("file_system", Files.getFileStore(data).type());
    machine.put("load_before", Measure.format(system.getSystemLoadAverage()));
    return machine;
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.replaceFirst(".*:\\s*", ""))
          .findFirst()
          .orElse("unknown");
    }
  }
}
