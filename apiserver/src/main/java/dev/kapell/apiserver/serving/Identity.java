package dev.kapell.apiserver.serving;

import dev.kapell.api.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What a JSON object says it is.
 *
 * @param apiVersion for instance {@code apps/v1}
 * @param kind for instance {@code Deployment}
 */
record Identity(String apiVersion, String kind) {
  static Optional<Identity> of(byte[] json) {
    return JsonCodec.readTree(json) instanceof Map<?, ?> tree
            && tree.get("apiVersion") instanceof String apiVersion
            && tree.get("kind") instanceof String kind
        ? Optional.of(new Identity(apiVersion, kind))
        : Optional.empty();
  }

  /** {@code json} with its identity in front. */
  static byte[] add(byte[] json, String apiVersion, String kind) {
    String head = "{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\"";
    String rest = new String(json, StandardCharsets.UTF_8).strip().substring(1);
    String separator = rest.strip().equals("}") ? "" : ",";
    return (head + separator + rest).getBytes(StandardCharsets.UTF_8);
  }
}
