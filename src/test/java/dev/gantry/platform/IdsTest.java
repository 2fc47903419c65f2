package dev.gantry.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @Test
  void makes_time_ordered_ids_of_version_7() {
    UUID first = Ids.next();
    assertThat(first.version()).isEqualTo(7);
    assertThat(first.variant()).isEqualTo(2);
    UUID later = first;
    while (millisOf(later) == millisOf(first)) {
      later = Ids.next();
    }
    assertThat(later.toString()).isGreaterThan(first.toString());
  }

  @Test
  void never_makes_one_twice() {
    Set<UUID> ids = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(ids.add(Ids.next())).isTrue();
    }
  }

  @Test
  void knows_when_one_was_made_and_the_first_of_a_time() {
    UUID id = Ids.next();
    Instant time = Ids.time(id);
    assertThat(time.toEpochMilli()).isEqualTo(millisOf(id));
    assertThat(Ids.first(time).toString()).isLessThanOrEqualTo(id.toString());
    assertThat(Ids.first(time.plusMillis(1)).toString()).isGreaterThan(id.toString());
    assertThat(Ids.first(time.plusNanos(1))).isEqualTo(Ids.first(time.plusMillis(1)));
    assertThat(Ids.first(time).version()).isEqualTo(7);
  }

  @Test
  void reads_what_it_shows() {
    UUID id = Ids.next();
    assertThat(Ids.parse("exec-", "exec-" + id)).contains(id);
    assertThat(Ids.parse("", id.toString())).contains(id);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "exec-",
        "exec-123",
        "018f4e1c-0000-7000-8000-000000000000",
        "tool-exec-018f4e1c-0000-7000-8000-000000000000",
        "exec-018f4e1c-0000-7000-8000-00000000000",
        "exec-018f4e1c-0000-7000-8000-0000000000000",
        "exec-018F4E1C-0000-7000-8000-000000000000",
        "exec-018f4e1c-0000-7000-8000-00000000000g",
        "exec-018f4e1c00007000800000000000000000000",
        "exec-1-1-1-1-100000000000000000000000000000",
        " exec-018f4e1c-0000-7000-8000-000000000000",
        "exec-018f4e1c-0000-7000-8000-000000000000 ",
        "exec-'; drop table executions; --0000000000"
      })
  void refuses_what_is_no_id(String text) {
    assertThat(Ids.parse("exec-", text)).isEmpty();
  }

  private static long millisOf(UUID id) {
    return id.getMostSignificantBits() >>> 16;
  }
}
