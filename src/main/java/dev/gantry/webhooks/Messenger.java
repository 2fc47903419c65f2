package dev.gantry.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.database.DatabaseClock;
import dev.gantry.webhooks.Claimed.Receiver;
import dev.gantry.webhooks.sending.Post;
import dev.gantry.webhooks.sending.PostClient;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the message of a delivery, signs it and sends it once. Event loop, never blocks. */
@ApplicationScoped
class Messenger {
  private final PostClient client;
  private final WebhookSecrets secrets;
  private final DatabaseClock clock;
  private final WebhooksConfig config;
  private final String agent;

  Messenger(
      PostClient client,
      WebhookSecrets secrets,
      DatabaseClock clock,
      WebhooksConfig config,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.client = client;
    this.secrets = secrets;
    this.clock = clock;
    this.config = config;
    this.agent = "Gantry/" + version;
  }

  /** Fails when this process cannot open the secret; what the receiver does is in the attempt. */
  Uni<Attempt> send(Claimed delivery) {
    Receiver to = delivery.to();
    String body = body(to.type(), delivery.payload());
    List<String> keys =
        secrets.open(
            delivery.organization(), delivery.id().webhook(), to.secret(), to.formerSecret());
    Instant now = clock.now();
    Map<String, String> headers = new LinkedHashMap<>(plainHeaders(agent));
    headers.putAll(Signature.headers(delivery.id().toString(), now, body, keys));
    return client
        .send(
            new Post(URI.create(to.url()), headers, body.getBytes(UTF_8)),
            config.delivery().timeout())
        .map(answer -> new Attempt(now, to.url(), answer));
  }

  /** The headers that all messages have, and that anybody may see. */
  Map<String, String> plainHeaders() {
    return plainHeaders(agent);
  }

  private static Map<String, String> plainHeaders(String agent) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    headers.put("user-agent", agent);
    return headers;
  }

  /** What is sent to a webhook of that type. */
  static String body(String type, String payload) {
    return switch (type) {
      case "slack" -> Story.of(payload).forSlack();
      case "teams" -> Story.of(payload).forTeams();
      default -> payload;
    };
  }
}
