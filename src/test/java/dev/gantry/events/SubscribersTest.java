package dev.gantry.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that examples/subscribers offers do what they say. */
class SubscribersTest {
  private static final Path EXAMPLES = Path.of("examples", "subscribers");
  private static final String SECRET = "whsec_bm90IGEgc2VjcmV0LCBqdXN0IGEgdGVzdCE=";

  @TempDir Path folder;

  @Test
  void theJavaProgramCompilesAndChecksSequences() throws Exception {
    List<String> options = List.of("-d", folder.toString(), "--release", "17", "-cp", classPath());
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                said,
                said,
                Stream.concat(options.stream(), sources()).toArray(String[]::new));
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Class<?> type = loader.loadClass("example.SequenceCheck");
      Object check = type.getConstructor().newInstance();
      Method place = type.getMethod("check", String.class, long.class);

      assertThat(place.invoke(check, "a", 1L)).hasToString("NEXT");
      assertThat(place.invoke(check, "a", 2L)).hasToString("NEXT");
      assertThat(place.invoke(check, "b", 1L)).hasToString("NEXT");
      assertThat(place.invoke(check, "a", 2L)).hasToString("SEEN");
      assertThat(place.invoke(check, "a", 4L)).hasToString("MISSING");
    }
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static Stream<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(EXAMPLES.resolve("java/src/main/java"))) {
      return files.map(Path::toString).filter(f -> f.endsWith(".java")).toList().stream();
    }
  }

  /** Against the signature that the reference implementation makes. */
  @Test
  void thePythonProgramsCheckSignaturesAndSequences() throws Exception {
    Assumptions.assumeTrue(hasPython(), "skipped: there is no python3 here");
    long now = Instant.now().getEpochSecond();
    String body = "{\"event\": \"agent.created\"}";
    String signature = new Webhook(SECRET).sign("msg_1", now, body);
    String test =
        """
        import sys
        sys.path.insert(0, sys.argv[1])
        from webhook import is_genuine
        from subscriber import place
        secret, now, signature, body = sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5].encode()
        headers = {"webhook-id": "msg_1", "webhook-timestamp": str(now), "webhook-signature": "v1,AAAA " + signature}
        assert is_genuine(secret, headers, body, now)
        assert not is_genuine(secret, headers, body + b" ", now)
        assert not is_genuine(secret, headers, body, now + 301)
        assert not is_genuine(secret, dict(headers, **{"webhook-id": "msg_2"}), body, now)
        assert not is_genuine(secret, dict(headers, **{"webhook-signature": "v1,AAAA"}), body, now)
        last = {}
        assert [place(last, "a", n) for n in (1, 2, 2, 4, 3)] == ["next", "next", "seen", "missing", "seen"]
        print("passed")
        """;
    Process python =
        new ProcessBuilder(
                "python3",
                "-B",
                "-c",
                test,
                EXAMPLES.resolve("python").toString(),
                SECRET,
                Long.toString(now),
                signature,
                body)
            .redirectErrorStream(true)
            .start();

    assertThat(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("passed\n");
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException none) {
      return false;
    }
  }
}
