package dev.kapell.apiserver.delegation;

import dev.kapell.apiserver.tree.Settings;
import java.util.Set;

/** In which versions reviews are sent to other servers. */
final class Versions {
  static final Set<String> KNOWN = Set.of("v1", "v1beta1");

  private Versions() {}

  static void require(String flag, String version) {
    if (!KNOWN.contains(version)) {
      throw new Settings.Invalid(flag + " must be v1 or v1beta1, not \"" + version + "\"");
    }
  }
}
