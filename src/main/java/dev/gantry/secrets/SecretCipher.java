package dev.gantry.secrets;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;

/**
 * Encrypts the values of secrets with the keyset's primary key, and decrypts with whichever of its
 * keys encrypted one. A value is bound to its organization and its secret's name: moved to another
 * row, it does not decrypt. Values are small, so that an event loop may call it. Any thread.
 */
final class SecretCipher {
  private final Aead aead;
  private final int keyId;

  /** Fails when the keys are not for authenticated encryption. */
  SecretCipher(KeysetHandle keys) throws GeneralSecurityException {
    aead = keys.getPrimitive(RegistryConfiguration.get(), Aead.class);
    keyId = keys.getPrimary().getId();
  }

  /** The key that encrypts now. */
  long keyId() {
    return Integer.toUnsignedLong(keyId);
  }

  byte[] encrypt(UUID organization, String name, String value) {
    try {
      return aead.encrypt(value.getBytes(StandardCharsets.UTF_8), place(organization, name));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The secret " + name + " cannot be encrypted", e);
    }
  }

  String decrypt(UUID organization, String name, byte[] ciphertext) {
    try {
      byte[] value = aead.decrypt(ciphertext, place(organization, name));
      return new String(value, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "The secret "
              + name
              + " cannot be decrypted: its key has left the keyset, or the value was not stored for"
              + " this secret",
          e);
    }
  }

  /** Neither an id nor a name has a slash, so that no two places are written alike. */
  private static byte[] place(UUID organization, String name) {
    return ("secret/" + organization + "/" + name).getBytes(StandardCharsets.UTF_8);
  }
}
