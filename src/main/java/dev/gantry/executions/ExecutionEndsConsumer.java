package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.platform.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Tells those who wait in this process of executions that an engine elsewhere has ended, from the
 * public events. Event loop, never blocks.
 */
@ApplicationScoped
class ExecutionEndsConsumer {
  private static final Set<String> ENDS =
      Arrays.stream(Kind.values())
          .flatMap(kind -> Narration.lastEvents(kind).stream())
          .collect(Collectors.toUnmodifiableSet());

  private final ExecutionEnds ends;

  ExecutionEndsConsumer(ExecutionEnds ends) {
    this.ends = ends;
  }

  @Incoming("execution-ends")
  void consume(ConsumerRecords<String, byte[]> records) {
    for (ConsumerRecord<String, byte[]> record : records) {
      Header type = record.headers().lastHeader("ce_type");
      if (type != null
          && type.value() != null
          && ENDS.contains(new String(type.value(), StandardCharsets.UTF_8))) {
        Arrays.stream(Kind.values())
            .flatMap(kind -> Ids.parse(kind.prefix(), record.key()).stream())
            .forEach(ends::ended);
      }
    }
  }
}
