package dev.kapell.node.pod;

import dev.kapell.api.Bytes;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.LocalObjectReference;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.host.runtime.Images;
import dev.kapell.node.config.Sources;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registry credentials from the pod's {@code imagePullSecrets}. */
final class RegistryLogins {
  private final Sources sources;

  RegistryLogins(Sources sources) {
    this.sources = sources;
  }

  List<Images.RegistryAuth> of(Pod pod, String image) {
    List<Images.RegistryAuth> logins = new ArrayList<>();
    for (LocalObjectReference reference : pod.spec().imagePullSecrets()) {
      Optional<Secret> secret =
          sources.secret(pod.metadata().namespaceOr(""), reference.nameOr(""));
      secret
          .map(s -> s.data().get(".dockerconfigjson"))
          .ifPresent(json -> add(json, image, logins));
    }
    return logins;
  }

  private static void add(Bytes json, String image, List<Images.RegistryAuth> logins) {
    if (JsonCodec.readTree(json.toArray()) instanceof Map<?, ?> root
        && root.get("auths") instanceof Map<?, ?> auths) {
      for (Map.Entry<?, ?> entry : auths.entrySet()) {
        String registry =
            String.valueOf(entry.getKey())
                .replaceFirst("^https?://", "")
                .replaceFirst("/v1/?$", "");
        if (covers(registry, image) && entry.getValue() instanceof Map<?, ?> auth) {
          logins.add(login(registry, auth));
        }
      }
    }
  }

  private static boolean covers(String registry, String image) {
    boolean hub = registry.equals("index.docker.io") || registry.equals("docker.io");
    String first = image.contains("/") ? image.substring(0, image.indexOf('/')) : "";
    boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
    return named ? image.startsWith(registry + "/") || (hub && first.equals("docker.io")) : hub;
  }

  private static Images.RegistryAuth login(String registry, Map<?, ?> auth) {
    String user = text(auth.get("username"));
    String password = text(auth.get("password"));
    String both = text(auth.get("auth"));
    if (!both.isEmpty()) {
      String plain = new String(Base64.getDecoder().decode(both), StandardCharsets.UTF_8);
      int colon = plain.indexOf(':');
      user = colon < 0 ? plain : plain.substring(0, colon);
      password = colon < 0 ? "" : plain.substring(colon + 1);
    }
    return new Images.RegistryAuth(user, password, registry, text(auth.get("identitytoken")));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : String.valueOf(value);
  }
}
