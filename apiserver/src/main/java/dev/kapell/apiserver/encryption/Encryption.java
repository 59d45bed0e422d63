package dev.kapell.apiserver.encryption;

import dev.kapell.base.Randomness;
import dev.kapell.store.AtRest;
import dev.kapell.store.Key;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Encrypts what the keys' file says, by default Secrets. Thread-safe.
 *
 * <p>A cluster of its own keys gets the first one when its first Secret is stored, so that a start
 * without the file never hides behind a new key that the file was lost. A configuration that the
 * user names is only read.
 */
public final class Encryption implements AtRest {
  private final KeyFile file;
  private final boolean own;
  private final Randomness randomness;

  /** One rotation at a time; the writer never waits for it. */
  private final ReentrantLock rotation = new ReentrantLock();

  private volatile Providers providers;

  private Encryption(KeyFile file, boolean own, Providers providers, Randomness randomness) {
    this.file = file;
    this.own = own;
    this.providers = providers;
    this.randomness = randomness;
  }

  /**
   * With keys of the cluster's own, in {@code file}.
   *
   * @throws IOException when the file is there and cannot be used
   */
  public static Encryption own(Path file, Randomness randomness) throws IOException {
    KeyFile keys = new KeyFile(file);
    Providers providers = keys.exists() ? keys.read() : own(List.of());
    return new Encryption(keys, true, providers, randomness);
  }

  /** As the {@code EncryptionConfiguration} in {@code file} says. */
  public static Encryption configured(Path file, Randomness randomness) throws IOException {
    KeyFile keys = new KeyFile(file);
    if (!keys.exists()) {
      throw new IOException("the encryption configuration " + file + " does not exist");
    }
    return new Encryption(keys, false, keys.read(), randomness);
  }

  private static Providers own(List<EncryptionKey> keys) {
    return Providers.of(
        List.of(new Providers.Rule(List.of("secrets"), keys.stream().findFirst(), keys)));
  }

  @Override
  public byte[] seal(Key key, byte[] value) {
    Optional<Providers.Rule> rule = providers.of(key.table());
    if (rule.isEmpty()) {
      return value;
    }
    if (own && rule.get().keys().isEmpty()) {
      ensureKey();
      return seal(key, value);
    }
    return rule.get().sealing().map(sealing -> sealing.seal(key, value, nonce())).orElse(value);
  }

  private synchronized void ensureKey() {
    if (ownKeys().isEmpty()) {
      replaceKeys(List.of(fresh()));
    }
  }

  private List<EncryptionKey> ownKeys() {
    return providers.rules().getFirst().keys();
  }

  private byte[] nonce() {
    return randomness.fill(new byte[EncryptionKey.NONCE_BYTES]);
  }

  @Override
  public byte[] open(Key key, byte[] kept) {
    if (!EncryptionKey.isSealed(kept)) {
      return kept;
    }
    String name = EncryptionKey.nameOf(kept).orElse("?");
    EncryptionKey sealing = providers.byName().get(name);
    if (sealing == null) {
      throw new StoreException(
          "the store holds %s encrypted with key \"%s\", which %s %s: put the file with that key back from your backup; without it these values cannot be read"
              .formatted(
                  key.table(),
                  name,
                  file.path(),
                  file.exists() ? "does not hold" : "held; that file is missing"));
    }
    return sealing
        .open(key, kept)
        .orElseThrow(
            () ->
                new StoreException(
                    "the key \"%s\" of %s is not the one that %s/%s was encrypted with: put the right file of keys back from your backup"
                        .formatted(name, file.path(), key.table(), key.path())));
  }

  @Override
  public boolean isCurrent(Key key, byte[] kept) {
    Optional<Providers.Rule> rule = providers.of(key.table());
    if (own && rule.isPresent() && rule.get().keys().isEmpty()) {
      return false;
    }
    Optional<String> wanted = rule.flatMap(Providers.Rule::sealing).map(EncryptionKey::name);
    return wanted.equals(EncryptionKey.nameOf(kept));
  }

  /**
   * Makes a new key, writes everything that is encrypted again with it, and forgets the old ones.
   * After a crash in between both keys are in the file, and calling again completes it.
   *
   * @return how many values were written again
   * @throws StoreException when the file cannot be written, or is the user's own
   */
  public int rotate(Store store) throws InterruptedException {
    if (!own) {
      throw new StoreException(
          "the encryption keys come from %s: put a new key in front of the others there and restart; everything is encrypted again at the start, then remove the old key"
              .formatted(file.path()));
    }
    rotation.lockInterruptibly();
    try {
      EncryptionKey next = addKey();
      int written = store.reseal();
      replaceKeys(List.of(next));
      return written;
    } finally {
      rotation.unlock();
    }
  }

  private synchronized EncryptionKey addKey() {
    EncryptionKey next = fresh();
    replaceKeys(Stream.concat(Stream.of(next), ownKeys().stream()).toList());
    return next;
  }

  private EncryptionKey fresh() {
    byte[] id = randomness.fill(new byte[4]);
    return EncryptionKey.of("key-" + HexFormat.of().formatHex(id), randomness.fill(new byte[32]));
  }

  private synchronized void replaceKeys(List<EncryptionKey> keys) {
    try {
      file.write(keys);
    } catch (IOException e) {
      throw new StoreException(
          "cannot write the encryption keys to %s: %s".formatted(file.path(), e.getMessage()), e);
    }
    providers = own(keys);
  }
}
