package dev.kapell.client.http;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys in the forms that kubeconfig files hold: {@code PRIVATE KEY} (PKCS #8), {@code EC
 * PRIVATE KEY} (SEC 1) and {@code RSA PRIVATE KEY} (PKCS #1). The platform reads only the first,
 * which is the other two in an envelope that names the algorithm.
 */
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN (|EC |RSA )PRIVATE KEY-----(.*?)-----END \\1PRIVATE KEY-----",
          Pattern.DOTALL);
  private static final byte[] VERSION_0 = hex("020100");
  private static final byte[] RSA = hex("300d06092a864886f70d0101010500");
  private static final byte[] EC_PUBLIC_KEY = hex("06072a8648ce3d0201");
  private static final byte[][] CURVES = {
    hex("06082a8648ce3d030107"), hex("06052b81040022"), hex("06052b81040023")
  };
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  private PemKey() {}

  static PrivateKey read(String pem) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new InvalidKeySpecException(
          "the client key is in none of the forms PRIVATE KEY, EC PRIVATE KEY and RSA PRIVATE KEY; convert it"
              + " with: openssl pkcs8 -topk8 -nodes");
    }
    byte[] der = Base64.getMimeDecoder().decode(block.group(2));
    return switch (block.group(1)) {
      case "EC " -> of("EC", envelope(element(SEQUENCE, EC_PUBLIC_KEY, curve(der)), der));
      case "RSA " -> of("RSA", envelope(RSA, der));
      default -> ofAny(der);
    };
  }

  private static PrivateKey ofAny(byte[] der) throws GeneralSecurityException {
    for (String algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
      try {
        return of(algorithm, der);
      } catch (InvalidKeySpecException e) {
        // A key of another algorithm: the next one reads it, or the sentence below is the answer.
      }
    }
    throw new InvalidKeySpecException("the client key is neither EC, RSA nor Ed25519");
  }

  private static PrivateKey of(String algorithm, byte[] der) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static byte[] envelope(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
  }

  /** The object identifier, with its tag, of the curve that the key names. */
  private static byte[] curve(byte[] der) throws InvalidKeySpecException {
    String text = HexFormat.of().formatHex(der);
    return Arrays.stream(CURVES)
        .filter(
            curve ->
                text.contains("a0%02x".formatted(curve.length) + HexFormat.of().formatHex(curve)))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidKeySpecException(
                    "the client key names none of the curves P-256, P-384 and P-521"));
  }

  private static byte[] element(int tag, byte[]... contents) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] content : contents) {
      body.writeBytes(content);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    int length = body.size();
    if (length >= 0x100) {
      all.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
    } else if (length >= 0x80) {
      all.writeBytes(new byte[] {(byte) 0x81, (byte) length});
    } else {
      all.write(length);
    }
    all.writeBytes(body.toByteArray());
    return all.toByteArray();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
