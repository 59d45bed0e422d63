package dev.kapell.apiserver.encryption;

import dev.kapell.store.Key;
import dev.kapell.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A named AES key. What it seals begins with {@code k8s:enc:aesgcm:v1:NAME:}, as Kubernetes has it;
 * twelve random bytes and the sealed bytes with their tag follow. The key of the store is
 * authenticated with them, so that nobody can put one Secret in the place of another.
 *
 * <p>Random nonces are safe for 2³² values; a cluster with more writes rotates. Immutable.
 *
 * @param name in the file of keys and in front of each value
 */
record EncryptionKey(String name, SecretKeySpec secret) {
  private static final byte[] SCHEME = "k8s:enc:aesgcm:v1:".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_NAME_BYTES = 128;
  static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  /** A key of 16, 24 or 32 bytes. */
  static EncryptionKey of(String name, byte[] bytes) {
    return new EncryptionKey(name, new SecretKeySpec(bytes, "AES"));
  }

  /** Whether {@code kept} was sealed by any key. */
  static boolean isSealed(byte[] kept) {
    return kept.length > SCHEME.length
        && Arrays.equals(kept, 0, SCHEME.length, SCHEME, 0, SCHEME.length);
  }

  /** The name of the key that sealed {@code kept}; empty when it is not sealed, or damaged. */
  static Optional<String> nameOf(byte[] kept) {
    if (!isSealed(kept)) {
      return Optional.empty();
    }
    int most = Math.min(kept.length, SCHEME.length + MOST_NAME_BYTES + 1);
    for (int i = SCHEME.length; i < most; i++) {
      if (kept[i] == ':') {
        return Optional.of(
            new String(kept, SCHEME.length, i - SCHEME.length, StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }

  byte[] seal(Key key, byte[] value, byte[] nonce) {
    byte[] id = name.getBytes(StandardCharsets.UTF_8);
    int head = SCHEME.length + id.length + 1;
    byte[] sealed = new byte[head + NONCE_BYTES + value.length + TAG_BITS / 8];
    System.arraycopy(SCHEME, 0, sealed, 0, SCHEME.length);
    System.arraycopy(id, 0, sealed, SCHEME.length, id.length);
    sealed[head - 1] = ':';
    System.arraycopy(nonce, 0, sealed, head, NONCE_BYTES);
    try {
      cipher(Cipher.ENCRYPT_MODE, key, nonce)
          .doFinal(value, 0, value.length, sealed, head + NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new StoreException("cannot encrypt " + key + " with key " + name, e);
    }
  }

  /** Empty when it was not this key. */
  Optional<byte[]> open(Key key, byte[] sealed) {
    int head = SCHEME.length + name.getBytes(StandardCharsets.UTF_8).length + 1;
    if (sealed.length < head + NONCE_BYTES + TAG_BITS / 8) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOfRange(sealed, head, head + NONCE_BYTES);
    int from = head + NONCE_BYTES;
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(sealed, from, sealed.length - from));
    } catch (AEADBadTagException notThisKey) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new StoreException("cannot decrypt " + key + " with key " + name, e);
    }
  }

  private Cipher cipher(int mode, Key key, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, secret, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((key.table() + '/' + key.path()).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /** As in a file of keys. */
  String base64() {
    return Base64.getEncoder().encodeToString(secret.getEncoded());
  }

  @Override
  public String toString() {
    return "key " + name;
  }
}
