package dev.kapell.node.volume;

import dev.kapell.api.Bytes;
import dev.kapell.api.core.v1.ClusterTrustBundleProjection;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.DownwardAPIVolumeFile;
import dev.kapell.api.core.v1.KeyToPath;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.api.core.v1.ServiceAccountTokenProjection;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeProjection;
import dev.kapell.node.config.ConfigFailure;
import dev.kapell.node.config.DownwardFields;
import dev.kapell.node.config.PodFacts;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What configMap, secret, downwardAPI and projected volumes contain now. */
final class Payloads {
  private static final int DEFAULT_MODE = 0644;
  private static final long DEFAULT_TOKEN_SECONDS = 3600;

  private final VolumeSources sources;
  private final Tokens tokens;

  Payloads(VolumeSources sources, Tokens tokens) {
    this.sources = sources;
    this.tokens = tokens;
  }

  /** Empty when the volume is of another kind. */
  Optional<Payload> of(PodFacts pod, Volume volume) {
    Map<String, Payload.Entry> files = new HashMap<>();
    var map = volume.configMap();
    var secret = volume.secret();
    var downward = volume.downwardAPI();
    var projected = volume.projected();
    if (map != null) {
      Items items = new Items(map.items(), map.defaultModeOr(DEFAULT_MODE), map.optionalOr(false));
      addConfigMap(pod, map.nameOr(""), items, files);
    } else if (secret != null) {
      Items items =
          new Items(secret.items(), secret.defaultModeOr(DEFAULT_MODE), secret.optionalOr(false));
      addSecret(pod, secret.secretNameOr(""), items, files);
    } else if (downward != null) {
      addDownward(pod, downward.items(), downward.defaultModeOr(DEFAULT_MODE), files);
    } else if (projected != null) {
      for (VolumeProjection source : projected.sources()) {
        addProjection(pod, source, projected.defaultModeOr(DEFAULT_MODE), files);
      }
    } else {
      return Optional.empty();
    }
    return Optional.of(new Payload(files));
  }

  private record Items(List<KeyToPath> paths, int mode, boolean optional) {}

  private void addProjection(
      PodFacts pod, VolumeProjection source, int mode, Map<String, Payload.Entry> files) {
    var map = source.configMap();
    var secret = source.secret();
    var downward = source.downwardAPI();
    ServiceAccountTokenProjection token = source.serviceAccountToken();
    if (map != null) {
      addConfigMap(pod, map.nameOr(""), new Items(map.items(), mode, map.optionalOr(false)), files);
    } else if (secret != null) {
      addSecret(
          pod, secret.nameOr(""), new Items(secret.items(), mode, secret.optionalOr(false)), files);
    } else if (downward != null) {
      addDownward(pod, downward.items(), mode, files);
    } else if (token != null) {
      Long asked = token.expirationSeconds();
      long seconds = asked == null ? DEFAULT_TOKEN_SECONDS : asked;
      String text = tokens.current(pod, token.audienceOr(""), seconds);
      files.put(
          token.pathOr("token"), new Payload.Entry(text.getBytes(StandardCharsets.UTF_8), mode));
    } else if (source.clusterTrustBundle() != null) {
      ClusterTrustBundleProjection bundle = source.clusterTrustBundle();
      String text = TrustAnchors.of(bundle, sources.trustBundles());
      files.put(
          checked(bundle.pathOr("")),
          new Payload.Entry(text.getBytes(StandardCharsets.US_ASCII), mode));
    } else {
      throw new ConfigFailure(
          "this node supports configMap, secret, downwardAPI, serviceAccountToken and"
              + " clusterTrustBundle in projected volumes, nothing else");
    }
  }

  private void addConfigMap(
      PodFacts pod, String name, Items items, Map<String, Payload.Entry> files) {
    ConfigMap map = sources.configMap(pod.namespace(), name).orElse(null);
    if (map == null) {
      require(items.optional(), "configmap \"" + name + "\" not found");
      return;
    }
    Map<String, byte[]> data = new HashMap<>();
    map.data().forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
    map.binaryData().forEach((key, value) -> data.put(key, value.toArray()));
    select(data, items, "configmap", files);
  }

  private void addSecret(PodFacts pod, String name, Items items, Map<String, Payload.Entry> files) {
    Secret secret = sources.secret(pod.namespace(), name).orElse(null);
    if (secret == null) {
      require(items.optional(), "secret \"" + name + "\" not found");
      return;
    }
    Map<String, byte[]> data = new HashMap<>();
    for (Map.Entry<String, Bytes> entry : secret.data().entrySet()) {
      data.put(entry.getKey(), entry.getValue().toArray());
    }
    select(data, items, "secret", files);
  }

  private static void select(
      Map<String, byte[]> data, Items items, String kind, Map<String, Payload.Entry> files) {
    if (items.paths().isEmpty()) {
      data.forEach((key, value) -> files.put(key, new Payload.Entry(value, items.mode())));
      return;
    }
    for (KeyToPath item : items.paths()) {
      byte[] value = data.get(item.keyOr(""));
      if (value == null) {
        require(items.optional(), kind + " references non-existent config key: " + item.keyOr(""));
      } else {
        files.put(
            checked(item.pathOr("")), new Payload.Entry(value, mode(item.mode(), items.mode())));
      }
    }
  }

  private static void addDownward(
      PodFacts pod, List<DownwardAPIVolumeFile> items, int mode, Map<String, Payload.Entry> files) {
    for (DownwardAPIVolumeFile item : items) {
      var field = item.fieldRef();
      var resource = item.resourceFieldRef();
      String text =
          field != null
              ? DownwardFields.field(pod, field.fieldPathOr(""))
              : resource != null ? DownwardFields.resource(pod, resource, null) : "";
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      files.put(checked(item.pathOr("")), new Payload.Entry(content, mode(item.mode(), mode)));
    }
  }

  private static String checked(String path) {
    require(
        !path.isEmpty() && !path.startsWith("/") && !path.contains(".."),
        "bad path in volume: " + path);
    return path;
  }

  private static int mode(@Nullable Integer own, int fallback) {
    return own == null ? fallback : own;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new ConfigFailure(message);
    }
  }
}
