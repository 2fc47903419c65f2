package dev.gantry.messaging;

import org.apache.kafka.clients.producer.ProducerRecord;

/** How what the outbox holds is put into records. Called on the outbox's thread; may not block. */
public interface RecordForm {
  /** The record itself when it is right as it is. */
  ProducerRecord<String, byte[]> of(ProducerRecord<String, byte[]> record);
}
