package dev.gantry.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.http.ApiException;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise B3, the part that is read off an address: what may harm is refused before any fetch. */
class SourceAddressTest {
  private static final SourceConfig SHARED = Sources.config(Map.of());
  private static final SourceConfig LOCAL =
      Sources.config(Map.of("gantry.sources.allow-local", "true"));

  @ParameterizedTest
  @CsvSource({
    "o/r, https://github.com/o/r,, ''",
    "o/r/a/b.yaml, https://github.com/o/r,, a/b.yaml",
    "https://h.example/o/r, https://h.example/o/r,, ''",
    "https://h.example/o/r/tree/main/a/b.yaml, https://h.example/o/r, main, a/b.yaml",
    "https://h.example/o/r/tree/main, https://h.example/o/r, main, ''",
    "ssh://git@h.example:2222/o/r.git, ssh://git@h.example:2222/o/r.git,, ''",
    "ssh://git@h.example/o/r/tree/v1/x, ssh://git@h.example/o/r, v1, x",
    "git@h.example:o/r.git, git@h.example:o/r.git,, ''",
    "h.example:o/r.git, h.example:o/r.git,, ''",
  })
  void readsWhatItNames(String source, String url, String branch, String path) {
    assertThat(SourceAddress.parse(source, SHARED)).isEqualTo(new SourceAddress(url, branch, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc",
        "http://h.example/o/r",
        "git://h.example/o/r",
        "ftp://h.example/o/r",
        "FILE:///etc",
        "ext::sh -c id",
        "ext::sh -c id ://x",
        "/etc/passwd",
        "../o/r",
        "-o/r",
        "o/../r",
        "o/r/../../x",
        "o",
        "",
        " ",
        "https://",
        "https:///o/r",
        "https://-h/o/r",
        "https://user:fake-password@h.example/o/r",
        "https://user@h.example/o/r",
        "https://h.example/o/r\nHost: x",
        "https://h.example/o/r/tree/-x/a",
        "https://h.example/o/r/tree/a..b/a",
        "https://h.example/o/r/tree/a.lock",
        "https://h.example/o/r/tree/main/../../x",
        "https://h.example/o/r/tree/main/-x",
        "ssh://-oProxyCommand=id/o/r",
        "ssh://git@-oProxyCommand=id/o/r",
        "ssh://-oProxyCommand=id@h.example/o/r",
        "ssh://git:fake-password@h.example/o/r",
        "-oProxyCommand=id:o/r",
        "git@-h:o/r",
        "-u@h.example:o/r",
        "git@h.example:-x",
        "git@h.example:--upload-pack=id"
      })
  void refusesWhatMayHarm(String source) {
    assertThatThrownBy(() -> SourceAddress.parse(source, SHARED))
        .asInstanceOf(InstanceOfAssertFactories.type(ApiException.class))
        .satisfies(e -> assertThat(e.details()).containsEntry("field", "source"))
        .satisfies(e -> assertThat(e.details().toString()).doesNotContain("fake-password"));
  }

  @Test
  void takesLocalOnesWhereTheyAreAllowed() {
    assertThat(SourceAddress.parse("file:///tmp/x", LOCAL).url()).isEqualTo("file:///tmp/x");
    assertThat(SourceAddress.parse("http://h/o/r", LOCAL).url()).isEqualTo("http://h/o/r");
    assertThatThrownBy(() -> SourceAddress.parse("git://h/o/r", LOCAL))
        .isInstanceOf(ApiException.class);
  }

  @Test
  void joinsWhatIsGivenApart() {
    assertThat(SourceAddress.of("https://h.example/o/r", "team/main", "/tools/", SHARED))
        .isEqualTo(new SourceAddress("https://h.example/o/r", "team/main", "tools"));
    assertThat(SourceAddress.of("https://h.example/o/r/tree/v1/a", null, null, SHARED))
        .isEqualTo(new SourceAddress("https://h.example/o/r", "v1", "a"));
  }

  @ParameterizedTest
  @CsvSource({
    "file:///etc, main, tools, url",
    "https://h.example/o/r, -x, tools, branch",
    "https://h.example/o/r, a..b, tools, branch",
    "https://h.example/o/r, main, ../tools, path",
    "https://h.example/o/r, main, a/../../b, path",
  })
  void namesTheFieldThatIsWrong(String url, String branch, String path, String field) {
    assertThatThrownBy(() -> SourceAddress.of(url, branch, path, SHARED))
        .asInstanceOf(InstanceOfAssertFactories.type(ApiException.class))
        .satisfies(e -> assertThat(e.details()).containsEntry("field", field));
  }
}
