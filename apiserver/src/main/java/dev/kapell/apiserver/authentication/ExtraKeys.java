package dev.kapell.apiserver.authentication;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The keys of a user's other facts, as the names of headers carry them. */
final class ExtraKeys {
  private ExtraKeys() {}

  /** With escapes resolved; a key with a broken one counts as it is, as in Kubernetes. */
  static String decoded(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      return key;
    }
  }
}
