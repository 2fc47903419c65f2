package dev.gantry.secrets;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;

/**
 * The file that holds the keyset: Tink's JSON in clear text, readable by its owner alone. It is
 * written whole or not at all. Blocks.
 */
final class KeyFile {
  static {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private KeyFile() {}

  static KeysetHandle read(Path file) throws IOException {
    String json = Files.readString(file);
    try {
      return TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException mayQuoteAKey) {
      throw new IOException(file + " holds no Tink keyset in JSON");
    }
  }

  /** Makes a file with one new key. */
  static void create(Path file) throws IOException, GeneralSecurityException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    write(file, KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
  }

  /** Adds a key that encrypts from now on; the others still decrypt. */
  static void rotate(Path file) throws IOException, GeneralSecurityException {
    write(
        file,
        KeysetHandle.newBuilder(read(file))
            .addEntry(
                KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                    .withRandomId()
                    .makePrimary())
            .build());
  }

  private static void write(Path file, KeysetHandle keys)
      throws IOException, GeneralSecurityException {
    Path folder = file.toAbsolutePath().getParent();
    Path whole =
        Files.createTempFile(
            folder,
            ".keyset",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        whole, TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get()));
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
