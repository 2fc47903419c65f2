package dev.gantry.mails;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Only so much is under way at once. */
class TurnsTest {
  private final Turns turns = new Turns(1);
  private final Map<String, UniEmitter<? super Void>> begun = new LinkedHashMap<>();

  private void work(String name) {
    turns
        .<Void>inTurn(() -> Uni.createFrom().emitter(end -> begun.put(name, end)))
        .subscribe()
        .with(done -> {}, failed -> {});
  }

  @Test
  void othersBeginInTheirOrderHoweverThoseBeforeEnd() {
    work("first");
    work("second");
    work("third");
    assertThat(begun).containsOnlyKeys("first");

    begun.get("first").fail(new IllegalStateException("broken"));
    assertThat(begun).containsOnlyKeys("first", "second");

    begun.get("second").complete(null);
    assertThat(begun).containsOnlyKeys("first", "second", "third");
  }

  @Test
  void aTurnThatNobodyWaitsForIsKept() {
    work("first");
    begun.get("first").complete(null);

    work("second");

    assertThat(begun).containsOnlyKeys("first", "second");
  }
}
