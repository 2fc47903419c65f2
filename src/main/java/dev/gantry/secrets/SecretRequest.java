package dev.gantry.secrets;

import dev.gantry.http.ApiException;
import dev.gantry.resources.Expiry;
import dev.gantry.resources.Fields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a create and of an update. A field that is absent, or null, keeps what there is; an
 * empty description or expiry takes it away.
 *
 * @param expiresIn from now on; or else {@code expiresAt}
 */
record SecretRequest(
    @Schema(pattern = "^[A-Za-z_][A-Za-z0-9_]{0,254}$") String name,
    @Schema(minLength = 1) String value,
    String description,
    @Schema(ref = "Lifetime") String expiresIn,
    @Schema(ref = "ExpiryTime") String expiresAt) {
  private static final int MAX_VALUE_BYTES = 64 << 10;
  private static final int MAX_DESCRIPTION_BYTES = 4 << 10;

  /** Fails with all that is wrong with the body of a create. */
  static void checkNew(SecretRequest body) {
    Fields fields = new Fields();
    required(body);
    fields.required("name", body.name).variable("name", body.name).required("value", body.value);
    body.check(fields);
  }

  /** Fails with all that is wrong with the body of an update of the secret {@code name}. */
  static void check(String name, SecretRequest body) {
    Fields fields = new Fields();
    required(body);
    if (body.name != null && !body.name.equals(name)) {
      fields.fault("name", "cannot be changed; delete the secret and create another");
    }
    body.check(fields);
  }

  private static void required(SecretRequest body) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
  }

  private void check(Fields fields) {
    checkValue(fields);
    fields.text("description", description, MAX_DESCRIPTION_BYTES);
    expiry(fields);
    fields.check();
  }

  private void checkValue(Fields fields) {
    if (value == null) {
      return;
    }
    if (value.isEmpty() || Fields.bytes(value) > MAX_VALUE_BYTES) {
      fields.fault("value", "must have 1 to " + MAX_VALUE_BYTES + " bytes");
    }
    // Half of a pair of surrogates is no text that UTF-8 can hold.
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value) || value.indexOf(0) >= 0) {
      fields.fault("value", "must be text that an environment variable can hold");
    }
  }

  private Expiry expiry(Fields fields) {
    return Expiry.read(expiresIn, expiresAt, Instant.now(), fields);
  }

  /** Changes what the request names; the secret has its name already. */
  void applyTo(Secret secret, UUID organization, SecretCipher cipher) {
    if (description != null) {
      secret.description = description;
    }
    if (value != null) {
      secret.ciphertext = cipher.encrypt(organization, secret.name, value);
      secret.keyId = cipher.keyId();
    }
    Expiry expiry = expiry(new Fields());
    if (expiry.given()) {
      secret.expiresAt = expiry.at();
    }
  }

  /** Without the value, which must not reach a log. */
  @Override
  public String toString() {
    return "SecretRequest[name=" + name + "]";
  }
}
