package dev.gantry.embedded;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A single Kafka broker (KRaft) on 127.0.0.1 in a process of its own. Blocks. */
public final class KafkaServer implements Closeable {
  private static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");

  private static final Duration STOP = Duration.ofSeconds(4);

  private final Process process;
  private final int port;
  private final Duration patience;

  private KafkaServer(Process process, int port, Duration patience) {
    this.process = process;
    this.port = port;
    this.patience = patience;
  }

  /**
   * Starts the broker and waits until it serves.
   *
   * @param jars the folder with the broker's class path
   */
  public static KafkaServer start(Path jars, Path data, int port, Path log) throws IOException {
    return start(jars, data, port, log, FLAGS, STOP);
  }

  /** Starts the broker of a build, with what was recorded of it. */
  static KafkaServer start(Build build, Path data, int port, Path log) throws IOException {
    List<String> flags = new ArrayList<>(FLAGS);
    flags.addAll(build.startFlags("kafka"));
    return start(build.kafka(), data, port, log, flags, build.patience());
  }

  private static KafkaServer start(
      Path jars, Path data, int port, Path log, List<String> flags, Duration patience)
      throws IOException {
    Files.createDirectories(data);
    Path config = data.resolve("server.properties");
    try (OutputStream out = Files.newOutputStream(config)) {
      properties(data, port, Ports.free()).store(out, null);
    }
    String classPath = jars + "/*:" + ownClasses();
    Process process =
        Children.java(flags, classPath, KafkaMain.class.getName(), List.of(config.toString()), log)
            .start();
    KafkaServer server = new KafkaServer(process, port, patience);
    server.awaitReady(log);
    return server;
  }

  private static Path ownClasses() {
    try {
      return Path.of(KafkaServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Properties properties(Path data, int port, int controllerPort) {
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", "1");
    p.setProperty("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort);
    p.setProperty(
        "listeners", "BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    p.setProperty("advertised.listeners", "BROKER://127.0.0.1:" + port);
    p.setProperty("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("inter.broker.listener.name", "BROKER");
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty("log.dirs", data.resolve("data").toString());
    p.setProperty("auto.create.topics.enable", "false");
    p.setProperty("message.max.bytes", Integer.toString(4 << 20));
    p.setProperty("default.replication.factor", "1");
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "1");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    // A restarted broker is let in again at once, not after its former session has run out.
    p.setProperty("broker.session.timeout.ms", "1000");
    p.setProperty("broker.heartbeat.interval.ms", "200");
    p.setProperty("log.segment.bytes", Integer.toString(64 << 20));
    p.setProperty("log.retention.check.interval.ms", "60000");
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
    return p;
  }

  private void awaitReady(Path log) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.equals(KafkaMain.READY)) {
        return;
      }
    }
    throw new IOException("Kafka did not start; its log is " + log);
  }

  /** {@code host:port}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** The broker's process, so that its end can be watched. */
  public Process process() {
    return process;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
