package example;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Prints each event once, and says when one is missing. */
@ApplicationScoped
public class Subscriber {
  private final SequenceCheck sequences = new SequenceCheck();

  @Incoming("gantry")
  public void told(ConsumerRecord<String, String> event) {
    String subject = header(event, "ce_subject");
    long sequence = Long.parseLong(header(event, "ce_sequence"));
    switch (sequences.check(subject, sequence)) {
      case SEEN -> {}
      case MISSING ->
          System.err.printf("%s: events before %d are missing%n", subject, sequence);
      case NEXT -> System.out.printf("%s %s%n", header(event, "ce_type"), event.value());
    }
  }

  private static String header(ConsumerRecord<String, String> event, String name) {
    Header header = event.headers().lastHeader(name);
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
