package dev.kapell.app.server;

import dev.kapell.apiserver.encryption.Encryption;
import dev.kapell.apiserver.tree.Settings;
import dev.kapell.app.cluster.DataDir;
import dev.kapell.app.terminal.UserError;
import dev.kapell.base.Randomness;
import dev.kapell.store.SqliteStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import dev.kapell.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The cluster's store on disk and the keys to it. */
public final class StateFile {
  private StateFile() {}

  /** The keys: the cluster's own, or those that the operator's configuration holds. */
  static Encryption encryption(DataDir dataDir, Optional<Path> configuration) throws IOException {
    try {
      return configuration.isPresent()
          ? Encryption.configured(configuration.get(), Randomness.secure())
          : Encryption.own(dataDir.encryptionKeys(), Randomness.secure());
    } catch (Settings.Invalid e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  /** Opens the store; {@link StoreException} says why not. */
  static Store open(DataDir dataDir, Encryption encryption) throws IOException {
    Files.createDirectories(dataDir.store().getParent());
    return SqliteStore.open(
        dataDir.store(),
        StoreOptions.defaults()
            .withNativeCache(dataDir.root().resolve("lib"))
            .withAtRest(encryption));
  }

  /**
   * Makes a new key for the store of a server that does not run, and encrypts everything again.
   *
   * @return how many values were written again
   */
  public static int rotateKeys(DataDir dataDir) throws InterruptedException {
    if (!Files.exists(dataDir.store())) {
      throw new UserError("there is no store in " + dataDir.root());
    }
    try {
      Encryption encryption = encryption(dataDir, Optional.empty());
      try (Store store = open(dataDir, encryption)) {
        return encryption.rotate(store);
      }
    } catch (StoreException | IOException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }
}
