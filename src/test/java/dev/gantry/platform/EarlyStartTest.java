package dev.gantry.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.testing.GantryServers;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class EarlyStartTest {
  @Inject Witness witness;

  @ApplicationScoped
  static class Witness {
    private final List<String> told = new ArrayList<>();

    void begun(@Observes EarlyStart.Begun event) {
      told.add("begun");
    }

    void starts(@Observes @Priority(StartOrder.FIRST) StartupEvent event) {
      told.add("starts");
    }

    void asksServers(@Observes @Priority(StartOrder.MIGRATED) StartupEvent event) {
      told.add("waits");
    }

    List<String> told() {
      return told;
    }
  }

  @Test
  void isToldOnceBeforeTheFrameworkStarts() {
    assertThat(witness.told()).containsExactly("begun", "starts", "waits");
  }
}
