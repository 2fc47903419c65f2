package dev.gantry.webhooks;

import dev.gantry.events.ToldEvent;
import dev.gantry.http.ApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A delivery that is to be made, of an event to a subscription that wants it. Pure code.
 *
 * @param fault why it cannot be sent, as a filter that cannot be applied to the event; null = it
 *     can
 */
record Planned(long position, Subscription to, Payload payload, String fault) {

  /** In the order of the events. */
  static List<Planned> of(List<ToldEvent> events, List<Subscription> subscriptions) {
    Map<Kind, List<Subscription>> wanted = new HashMap<>();
    List<Planned> planned = new ArrayList<>();
    for (ToldEvent event : events) {
      List<Subscription> willing =
          wanted.computeIfAbsent(
              new Kind(event.organizationId(), event.type()), kind -> kind.among(subscriptions));
      if (!willing.isEmpty()) {
        Payload payload = Payload.of(event);
        willing.forEach(to -> add(planned, event.position(), to, payload));
      }
    }
    return planned;
  }

  /** Of which there are few, among many events. */
  private record Kind(UUID organization, String type) {
    List<Subscription> among(List<Subscription> all) {
      return all.stream()
          .filter(each -> each.organization().equals(organization) && each.wants(type))
          .toList();
    }
  }

  private static void add(List<Planned> planned, long position, Subscription to, Payload payload) {
    if (to.destination().isEmpty()) {
      planned.add(new Planned(position, to, payload, "the url leads nowhere"));
      return;
    }
    try {
      if (EventFilter.passes(to.filter(), payload.json())) {
        planned.add(new Planned(position, to, payload, null));
      }
    } catch (ApiException notApplicable) {
      planned.add(new Planned(position, to, payload, fault(notApplicable)));
    }
  }

  private static String fault(ApiException notApplicable) {
    return ("the filter " + notApplicable.details().get("error")).replace('\0', '\ufffd');
  }
}
