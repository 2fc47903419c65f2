package dev.gantry.runner.kubernetes.cluster;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The faults that are ordered; the first that fits a request is its fault. */
public final class ApiFaults {
  private final List<Order> orders = new CopyOnWriteArrayList<>();

  private record Order(Predicate<ApiRequest> requests, ApiFault fault, AtomicInteger left) {}

  ApiFaults() {}

  public void once(Predicate<ApiRequest> requests, ApiFault fault) {
    times(1, requests, fault);
  }

  public void times(int times, Predicate<ApiRequest> requests, ApiFault fault) {
    orders.add(new Order(requests, fault, new AtomicInteger(times)));
  }

  /** Until {@link #heal}. */
  public void always(Predicate<ApiRequest> requests, ApiFault fault) {
    times(Integer.MAX_VALUE, requests, fault);
  }

  public void heal() {
    orders.clear();
  }

  synchronized Optional<ApiFault> next(ApiRequest request) {
    for (Iterator<Order> each = orders.iterator(); each.hasNext(); ) {
      Order order = each.next();
      if (order.left.get() > 0 && order.requests.test(request)) {
        order.left.decrementAndGet();
        return Optional.of(order.fault);
      }
    }
    return Optional.empty();
  }
}
