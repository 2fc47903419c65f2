package dev.gantry.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * The broker's process: formats the data directory on its first start, runs until standard input
 * ends, which it also does when the parent is killed, and says {@value #READY} once it serves.
 */
public final class KafkaMain {
  static final String READY = "broker is ready";

  private KafkaMain() {}

  /**
   * @param args the file with the broker's properties
   */
  public static void main(String[] args) {
    try {
      serve(Path.of(args[0]));
      Runtime.getRuntime().halt(0);
    } catch (IOException | RuntimeException | LinkageError e) {
      // The broker's own threads would keep a broken process alive.
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void serve(Path file) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    }
    format(file, Path.of(properties.getProperty("log.dirs")));
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    server.startup();
    PrintStream out = System.out;
    out.println(READY);
    out.flush();
    while (System.in.read() >= 0) {
      // Nobody writes: only the end matters.
    }
    server.shutdown();
    server.awaitShutdown();
  }

  private static void format(Path file, Path logs) {
    if (!Files.exists(logs.resolve("meta.properties"))) {
      String[] command = {
        "format", "--standalone", "-t", Uuid.randomUuid().toString(), "-c", file.toString()
      };
      int code = StorageTool.execute(command, System.err);
      if (code != 0) {
        throw new IllegalStateException("the broker's data directory cannot be formatted");
      }
    }
  }
}
