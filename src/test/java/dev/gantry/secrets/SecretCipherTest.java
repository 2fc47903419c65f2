package dev.gantry.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretCipherTest {
  private static final UUID MINE = UUID.randomUUID();
  private static final String VALUE = "pässwörd 🔑\nsecond line";

  @TempDir Path folder;
  private Path file;
  private SecretCipher cipher;

  @BeforeEach
  void makeKeys() throws IOException, GeneralSecurityException {
    file = folder.resolve("secrets.key");
    KeyFile.create(file);
    cipher = new SecretCipher(KeyFile.read(file));
  }

  @Test
  void decryptsWhatItEncrypted() {
    byte[] ciphertext = cipher.encrypt(MINE, "A", VALUE);

    assertThat(new String(ciphertext, StandardCharsets.ISO_8859_1)).doesNotContain("second line");
    assertThat(cipher.decrypt(MINE, "A", ciphertext)).isEqualTo(VALUE);
    assertThat(cipher.encrypt(MINE, "A", VALUE)).isNotEqualTo(ciphertext);
  }

  @Test
  void decryptsAValueInItsOwnPlaceOnly() {
    byte[] ciphertext = cipher.encrypt(MINE, "A", VALUE);

    assertThatThrownBy(() -> cipher.decrypt(MINE, "B", ciphertext))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("The secret B cannot be decrypted");
    assertThatThrownBy(() -> cipher.decrypt(UUID.randomUUID(), "A", ciphertext))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void seesThatAValueWasTouched() {
    byte[] ciphertext = cipher.encrypt(MINE, "A", VALUE);
    ciphertext[ciphertext.length / 2] ^= 1;

    assertThatThrownBy(() -> cipher.decrypt(MINE, "A", ciphertext))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void decryptsWithAnOlderKeyAndEncryptsWithTheNewest() throws Exception {
    byte[] old = cipher.encrypt(MINE, "A", VALUE);
    KeyFile.rotate(file);
    KeyFile.rotate(file);

    SecretCipher rotated = new SecretCipher(KeyFile.read(file));

    assertThat(rotated.keyId()).isNotEqualTo(cipher.keyId());
    assertThat(rotated.decrypt(MINE, "A", old)).isEqualTo(VALUE);
    byte[] renewed = rotated.encrypt(MINE, "A", VALUE);
    assertThatThrownBy(() -> cipher.decrypt(MINE, "A", renewed))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void doesNotDecryptWithOtherKeys() throws Exception {
    Path other = folder.resolve("other.key");
    KeyFile.create(other);
    byte[] ciphertext = new SecretCipher(KeyFile.read(other)).encrypt(MINE, "A", VALUE);

    assertThatThrownBy(() -> cipher.decrypt(MINE, "A", ciphertext))
        .isInstanceOf(IllegalStateException.class);
  }
}
