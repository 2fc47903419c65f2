package dev.gantry.events;

import java.util.List;
import java.util.UUID;

/**
 * Which events of an organization are wanted. Pure code.
 *
 * @param types null = all
 * @param subject null = all
 * @param afterSequence only events with a greater sequence; makes sense with a subject
 * @param until only events before this position
 */
public record EventFilter(
    UUID organization, List<String> types, String subject, long afterSequence, long until) {

  /** All events of a subject. */
  public static EventFilter ofSubject(UUID organization, String subject) {
    return new EventFilter(organization, null, subject, 0, Long.MAX_VALUE);
  }

  boolean wants(ToldEvent event) {
    return organization.equals(event.organizationId())
        && (types == null || types.contains(event.type()))
        && (subject == null || subject.equals(event.subject()))
        && event.sequence() > afterSequence
        && event.position() < until;
  }
}
