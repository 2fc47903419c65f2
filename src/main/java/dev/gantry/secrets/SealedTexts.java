package dev.gantry.secrets;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * Encrypts short texts that other rooms keep in tables of their own, each bound to its organization
 * and its place. Fails with 503, naming the setting, when this process has no keys. Any thread;
 * never blocks.
 */
@ApplicationScoped
public class SealedTexts {
  private final SecretKeys keys;

  SealedTexts(SecretKeys keys) {
    this.keys = keys;
  }

  /**
   * @param keyId the keyset's key that encrypted it, and so one that the keyset still needs
   */
  public record Sealed(byte[] ciphertext, long keyId) {}

  /**
   * @param place as {@code webhook/<id>}: two words, as no secret's name is
   */
  public Sealed seal(UUID organization, String place, String text) {
    SecretCipher cipher = keys.cipher();
    return new Sealed(cipher.encrypt(organization, place, text), cipher.keyId());
  }

  /** The text that was sealed for this place. */
  public String open(UUID organization, String place, byte[] ciphertext) {
    return keys.cipher().decrypt(organization, place, ciphertext);
  }
}
