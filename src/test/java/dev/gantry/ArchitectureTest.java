package dev.gantry;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.smallrye.mutiny.groups.UniAwait;
import java.util.concurrent.CompletableFuture;

/** The house's plan, held by a test: rooms without circles, arrows that point down only. */
@AnalyzeClasses(packages = "dev.gantry", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ROOMS_FORM_NO_CIRCLE =
      slices()
          .matching("dev.gantry.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a room that imports its importer cannot be understood alone");

  @ArchTest
  static final ArchRule ARROWS_POINT_DOWN =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.gantry..")
          .withOptionalLayers(true)
          .layer("ground")
          .definedBy(
              "dev.gantry.platform..",
              "dev.gantry.database..",
              "dev.gantry.http..",
              "dev.gantry.messaging..",
              "dev.gantry.network..")
          .layer("events")
          .definedBy("dev.gantry.events..")
          .layer("audit")
          .definedBy("dev.gantry.audit..")
          .layer("resources")
          .definedBy("dev.gantry.resources..")
          .layer("secrets")
          .definedBy("dev.gantry.secrets..")
          .layer("models")
          .definedBy("dev.gantry.models..")
          .layer("keys")
          .definedBy("dev.gantry.apikeys..")
          .layer("integrations")
          .definedBy("dev.gantry.integrations..")
          .layer("sources")
          .definedBy("dev.gantry.sources..")
          .layer("tools")
          .definedBy("dev.gantry.tools..")
          .layer("agents")
          .definedBy("dev.gantry.agents..")
          .layer("definitions")
          .definedBy("dev.gantry.workflows..")
          .layer("protocol")
          .definedBy("dev.gantry.executions.protocol..")
          .layer("executions")
          .definedBy("dev.gantry.executions")
          .layer("edges")
          .definedBy(
              "dev.gantry.runner..",
              "dev.gantry.runners",
              "dev.gantry.queues..",
              "dev.gantry.schedules..",
              "dev.gantry.retention..",
              "dev.gantry.mails..",
              "dev.gantry.mcp..",
              "dev.gantry.replays..",
              "dev.gantry.broker..",
              "dev.gantry.artifacts..",
              "dev.gantry.logs..",
              "dev.gantry.webhooks..",
              "dev.gantry.chat..",
              "dev.gantry.grants..")
          .layer("launcher")
          .definedBy("dev.gantry.embedded..")
          .layer("heartbeats")
          .definedBy("dev.gantry.runners.protocol..")
          .whereLayer("edges")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("heartbeats")
          .mayOnlyBeAccessedByLayers("edges")
          .whereLayer("executions")
          .mayOnlyBeAccessedByLayers("edges")
          .whereLayer("protocol")
          .mayOnlyBeAccessedByLayers("executions", "edges")
          .whereLayer("agents")
          .mayOnlyBeAccessedByLayers("executions", "edges")
          .whereLayer("tools")
          .mayOnlyBeAccessedByLayers("agents", "executions", "edges")
          .whereLayer("sources")
          .mayOnlyBeAccessedByLayers("tools", "agents", "executions", "edges")
          .whereLayer("definitions")
          .mayOnlyBeAccessedByLayers("sources", "tools", "executions", "edges", "launcher")
          .whereLayer("launcher")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("integrations")
          .mayOnlyBeAccessedByLayers("sources", "executions", "edges")
          .whereLayer("keys")
          .mayOnlyBeAccessedByLayers("edges")
          .whereLayer("models")
          .mayOnlyBeAccessedByLayers("agents", "executions", "edges")
          .whereLayer("secrets")
          .mayOnlyBeAccessedByLayers("sources", "models", "executions", "edges")
          .whereLayer("resources")
          .mayOnlyBeAccessedByLayers(
              "keys",
              "secrets",
              "integrations",
              "sources",
              "tools",
              "agents",
              "executions",
              "edges")
          .whereLayer("audit")
          .mayOnlyBeAccessedByLayers(
              "keys",
              "resources",
              "secrets",
              "integrations",
              "sources",
              "tools",
              "agents",
              "executions",
              "edges")
          .whereLayer("events")
          .mayOnlyBeAccessedByLayers("resources", "sources", "executions", "edges");

  @ArchTest
  static final ArchRule THE_RUNNER_REACHES_NO_DATABASE =
      noClasses()
          .that()
          .resideInAPackage("dev.gantry.runner..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "jakarta.persistence..",
              "org.hibernate..",
              "io.quarkus.hibernate..",
              "io.vertx..sqlclient..",
              "io.vertx..pgclient..",
              "dev.gantry.http..",
              "dev.gantry.logs..")
          .because("a runner sits in another cluster and dials out, to Kafka and the API");

  @ArchTest
  static final ArchRule THE_RUNNER_KNOWS_EXECUTIONS_BY_THEIR_MESSAGES =
      noClasses()
          .that()
          .resideInAPackage("dev.gantry.runner..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.gantry.executions..")
                  .and(not(resideInAPackage("dev.gantry.executions.protocol.."))));

  @ArchTest
  static final ArchRule THE_RUNNER_KNOWS_THE_REGISTRY_BY_ITS_MESSAGES =
      noClasses()
          .that()
          .resideInAPackage("dev.gantry.runner..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gantry.runners");

  @ArchTest
  static final ArchRule BACKENDS_STAND_ON_THE_DISK_AND_NOT_ON_EACH_OTHER =
      slices()
          .matching("dev.gantry.runner.(*)..")
          .should()
          .beFreeOfCycles()
          .because("what a host keeps knows of no program, and no backend needs another");

  @ArchTest
  static final ArchRule NO_BACKEND_IS_NEEDED_BY_THE_RUNNER =
      noClasses()
          .that()
          .resideInAnyPackage("dev.gantry.runner", "dev.gantry.runner.disk..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.gantry.runner.local..", "dev.gantry.runner.docker..")
          .because("a backend is chosen by its name");

  @ArchTest
  static final ArchRule DEFINITIONS_ARE_PURE_CODE =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.gantry.workflows..",
              "dev.gantry.executions.protocol..",
              "dev.gantry.runners.protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "jakarta..", "io.vertx..", "io.smallrye..")
          .because("what a workflow means must be testable without a server");

  @ArchTest
  static final ArchRule NOBODY_NEEDS_THE_EMBEDDED_SERVERS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.gantry.embedded..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gantry.embedded..")
          .because("the production image does not contain them");

  @ArchTest
  static final ArchRule NOTHING_WAITS_ON_AN_EVENT_LOOP =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.gantry.http..",
              "dev.gantry.audit..",
              "dev.gantry.resources..",
              "dev.gantry.secrets..",
              "dev.gantry.integrations..",
              "dev.gantry.tools..",
              "dev.gantry.agents..",
              "dev.gantry.apikeys..",
              "dev.gantry.executions..",
              "dev.gantry.grants..",
              "dev.gantry.runners..",
              "dev.gantry.queues..",
              "dev.gantry.schedules..",
              "dev.gantry.retention..",
              "dev.gantry.mails..",
              "dev.gantry.mcp..",
              "dev.gantry.replays..",
              "dev.gantry.artifacts..",
              "dev.gantry.webhooks..",
              "dev.gantry.chat..",
              "dev.gantry.models..",
              "dev.gantry.logs..")
          .and()
          .doNotHaveFullyQualifiedName("dev.gantry.http.ApiKeys")
          .and()
          .doNotHaveFullyQualifiedName("dev.gantry.logs.Compressor")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(UniAwait.class)
          .orShould()
          .callMethod(CompletableFuture.class, "join")
          .orShould()
          .callMethod(CompletableFuture.class, "get")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .because(
              "these rooms run on event loops; only a start waits for the seeding of keys and the compressor");

  @ArchTest
  static final ArchRule TIME_IS_THE_DATABASES =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.gantry.executions", "dev.gantry.schedules..", "dev.gantry.queues..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .because("the clock of one replica may be off, and timeouts and schedules hold anyway");

  @ArchTest
  static final ArchRule ROUTES_STAY_IN_THEIR_ROOM =
      classes()
          .that()
          .areAnnotatedWith(jakarta.ws.rs.Path.class)
          .should()
          .bePackagePrivate()
          .because("a route belongs to its room, and no other room calls it");
}
