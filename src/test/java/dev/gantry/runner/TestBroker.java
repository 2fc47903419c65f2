package dev.gantry.runner;

import dev.gantry.messaging.TopicLeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.utils.Time;

/** A real broker in this process, started once, on a free port of the loopback interface. */
public final class TestBroker {
  /**
   * Tells the address across class loaders and processes: a test of the application has one of its
   * own.
   */
  static final String PROPERTY = "gantry.test.broker";

  private static final String ADDRESS = startOnce();

  private TestBroker() {}

  public static String address() {
    return ADDRESS;
  }

  /** Makes topics of several partitions, and waits until they can be written to. */
  static void create(String... topics) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", ADDRESS))) {
      admin
          .createTopics(
              List.of(topics).stream()
                  .map(
                      topic ->
                          new NewTopic(topic, 4, (short) 1)
                              .configs(Map.of("max.message.bytes", "4194304")))
                  .toList())
          .all()
          .get();
      TopicLeaders.await(admin, List.of(topics));
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String startOnce() {
    String address = System.getProperty(PROPERTY);
    if (address == null) {
      address = start();
      System.setProperty(PROPERTY, address);
    }
    return address;
  }

  private static String start() {
    try {
      Path data = Files.createTempDirectory("gantry-broker");
      int broker = freePort();
      int controller = freePort();
      Properties settings = settings(data, broker, controller);
      Path file = data.resolve("server.properties");
      try (var out = Files.newBufferedWriter(file)) {
        settings.store(out, null);
      }
      int formatted =
          StorageTool.execute(
              new String[] {"format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", file.toString()},
              System.out);
      if (formatted != 0) {
        throw new IllegalStateException("the broker's storage could not be formatted");
      }
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
      server.startup();
      Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
      return "127.0.0.1:" + broker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Properties settings(Path data, int broker, int controller) {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "node.id",
            "1",
            "controller.quorum.voters",
            "1@127.0.0.1:" + controller,
            "listeners",
            "PLAINTEXT://127.0.0.1:" + broker + ",CONTROLLER://127.0.0.1:" + controller,
            "controller.listener.names",
            "CONTROLLER",
            "log.dirs",
            data.resolve("log").toString()));
    settings.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0",
            "num.partitions", "4",
            "message.max.bytes", "4194304"));
    return settings;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
