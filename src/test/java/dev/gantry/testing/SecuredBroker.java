package dev.gantry.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import javax.security.auth.x500.X500Principal;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.utils.Time;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A real broker whose only listener for clients demands TLS and a password (SASL_SSL with
 * SCRAM-SHA-512), and PostgreSQL: what a Quarkus test needs to see the application beside them.
 */
public final class SecuredBroker implements QuarkusTestResourceLifecycleManager {
  public static final String USER = "gantry";

  /** With the characters that a login's configuration has to escape. */
  public static final String PASSWORD = "example \"pass\\word\"; not-secret";

  private KafkaRaftServer server;

  @Override
  public Map<String, String> start() {
    try {
      Path data = Files.createTempDirectory("gantry-secured-broker");
      Certificate certificate = Certificate.create();
      Path authority = Files.writeString(data.resolve("ca.crt"), certificate.chain());
      int port = Servers.freePort();
      serve(data, port, certificate);
      Map<String, String> settings = new HashMap<>(new GantryServers().start());
      settings.put("gantry.kafka.bootstrap-servers", "127.0.0.1:" + port);
      settings.put("gantry.kafka.topic-prefix", "s-" + UUID.randomUUID());
      settings.put("gantry.kafka.security-protocol", "SASL_SSL");
      settings.put("gantry.kafka.sasl-username", USER);
      settings.put("gantry.kafka.sasl-password", PASSWORD);
      settings.put("gantry.kafka.ssl-truststore-location", authority.toString());
      settings.put("gantry.runner.local.directory", data.resolve("runner").toString());
      return settings;
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void serve(Path data, int port, Certificate certificate) throws IOException {
    int inside = Servers.freePort();
    Properties settings = settings(data, port, inside, Servers.freePort());
    settings.put("listener.name.client.ssl.keystore.certificate.chain", certificate.chain());
    settings.put("listener.name.client.ssl.keystore.key", certificate.key());
    Path file = data.resolve("server.properties");
    try (var out = Files.newBufferedWriter(file)) {
      settings.store(out, null);
    }
    String[] format = {"format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", file.toString()};
    if (StorageTool.execute(format, System.out) != 0) {
      throw new IllegalStateException("the broker's storage could not be formatted");
    }
    server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    server.startup();
    addUser("127.0.0.1:" + inside);
  }

  private static void addUser(String inside) {
    UserScramCredentialAlteration user =
        new UserScramCredentialUpsertion(
            USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", inside))) {
      admin.alterUserScramCredentials(List.of(user)).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the broker takes no user", e);
    }
  }

  private static Properties settings(Path data, int client, int broker, int controller) {
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
            "CLIENT://127.0.0.1:%d,BROKER://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                .formatted(client, broker, controller),
            "listener.security.protocol.map",
            "CLIENT:SASL_SSL,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name",
            "BROKER",
            "controller.listener.names",
            "CONTROLLER",
            "log.dirs",
            data.resolve("log").toString()));
    settings.putAll(
        Map.of(
            "listener.name.client.sasl.enabled.mechanisms",
            "SCRAM-SHA-512",
            "listener.name.client.scram-sha-512.sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            "listener.name.client.ssl.keystore.type",
            "PEM"));
    settings.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0",
            "message.max.bytes", "4194304"));
    return settings;
  }

  @Override
  public void stop() {
    if (server != null) {
      server.shutdown();
      server.awaitShutdown();
    }
  }

  /** Good for 127.0.0.1 and its own authority; both parts in PEM. */
  private record Certificate(String chain, String key) {
    static Certificate create()
        throws IOException, GeneralSecurityException, OperatorCreationException {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      X500Principal name = new X500Principal("CN=test broker");
      Instant now = Instant.now();
      var unsigned =
          new JcaX509v3CertificateBuilder(
                  name,
                  BigInteger.ONE,
                  Date.from(now.minus(Duration.ofHours(1))),
                  Date.from(now.plus(Duration.ofDays(1))),
                  name,
                  pair.getPublic())
              .addExtension(
                  Extension.subjectAlternativeName,
                  false,
                  new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
      X509Certificate signed =
          new JcaX509CertificateConverter()
              .getCertificate(
                  unsigned.build(
                      new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
      return new Certificate(
          pem("CERTIFICATE", signed.getEncoded()),
          pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    private static String pem(String type, byte[] content) {
      String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
      return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, body);
    }
  }
}
