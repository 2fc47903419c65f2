package dev.gantry.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.http.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of keys: how it is made, and how a process takes it. */
class KeysetToolTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return KeysetTool.run(List.of(arguments), new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private Path file() {
    return folder.resolve("secrets.key");
  }

  private SecretKeys keys(boolean embedded) throws Exception {
    return new SecretKeys(() -> Optional.of(file()), embedded);
  }

  @Test
  void makesAFileForItsOwnerOnly() throws IOException {
    assertThat(run("create", file().toString())).isZero();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(KeyFile.read(file()).size()).isEqualTo(1);
  }

  @Test
  void addsAKeyAndKeepsTheOthers() throws IOException {
    run("create", file().toString());
    int first = KeyFile.read(file()).getPrimary().getId();

    assertThat(run("rotate", file().toString())).isZero();

    assertThat(KeyFile.read(file()).size()).isEqualTo(2);
    assertThat(KeyFile.read(file()).getPrimary().getId()).isNotEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file());
    }
  }

  @Test
  void overwritesNothing() throws IOException {
    run("create", file().toString());
    String before = Files.readString(file());

    assertThat(run("create", file().toString())).isEqualTo(1);

    assertThat(said()).contains("secrets.key exists");
    assertThat(Files.readString(file())).isEqualTo(before);
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    assertThat(run("rotate", file().toString())).isEqualTo(1);
    assertThat(said()).contains("secrets.key does not exist");
    Files.writeString(file(), "{\"primaryKeyId\": 1, \"canary\": \"k3y\"}");
    assertThat(run("rotate", file().toString())).isEqualTo(1);
    assertThat(said()).contains("secrets.key holds no Tink keyset").doesNotContain("k3y");
    assertThat(run("destroy", "x")).isEqualTo(2);
    assertThat(run("create")).isEqualTo(2);
    assertThat(said()).contains("usage: ");
  }

  @Test
  void isMadeByAnEmbeddedInstallationOnce() throws Exception {
    long first = keys(true).cipher().keyId();

    assertThat(keys(true).cipher().keyId()).isEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void isDemandedOfAnyOtherInstallationThatNamesIt() {
    assertThatThrownBy(() -> keys(false)).isInstanceOf(IOException.class);
    assertThat(file()).doesNotExist();
  }

  @Test
  void isMissedByWhoeverAsksForItsKeys() throws Exception {
    SecretKeys none = new SecretKeys(Optional::empty, true);

    assertThatThrownBy(none::cipher)
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("gantry.secrets.key-file must name a file");
  }
}
