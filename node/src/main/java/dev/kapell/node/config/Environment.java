package dev.kapell.node.config;

import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.EnvFromSource;
import dev.kapell.api.core.v1.EnvVar;
import dev.kapell.api.core.v1.EnvVarSource;
import dev.kapell.api.core.v1.Secret;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container's variables: services first, then {@code envFrom}, then {@code env}; later ones win.
 */
public final class Environment {
  private final PodFacts facts;
  private final Container container;
  private final Sources sources;
  private final Map<String, String> services = new LinkedHashMap<>();
  private final Map<String, String> env = new LinkedHashMap<>();

  private Environment(PodFacts facts, Container container, Sources sources) {
    this.facts = facts;
    this.container = container;
    this.sources = sources;
  }

  /** The variables, in order; throws {@link ConfigFailure} when a reference leads nowhere. */
  public static Map<String, String> of(PodFacts facts, Container container, Sources sources) {
    return new Environment(facts, container, sources).build();
  }

  private Map<String, String> build() {
    serviceVariables();
    container.envFrom().forEach(this::addAll);
    for (EnvVar variable : container.env()) {
      String value = value(variable);
      if (value != null) {
        env.put(variable.nameOr(""), value);
      }
    }
    Map<String, String> all = new LinkedHashMap<>(services);
    all.putAll(env);
    return all;
  }

  private void serviceVariables() {
    var master =
        sources.services("default").stream()
            .filter(s -> s.metadata().nameOr("").equals("kubernetes"))
            .toList();
    ServiceVariables.add(master, services);
    if (facts.pod().spec().enableServiceLinksOr(true)) {
      ServiceVariables.add(sources.services(facts.namespace()), services);
    }
  }

  private void addAll(EnvFromSource from) {
    String prefix = from.prefixOr("");
    var mapRef = from.configMapRef();
    if (mapRef != null) {
      Optional<ConfigMap> map = sources.configMap(facts.namespace(), mapRef.nameOr(""));
      require(map.isPresent() || mapRef.optionalOr(false), "configmap", mapRef.nameOr(""));
      map.ifPresent(m -> m.data().forEach((key, value) -> env.put(prefix + key, value)));
    }
    var secretRef = from.secretRef();
    if (secretRef != null) {
      Optional<Secret> secret = sources.secret(facts.namespace(), secretRef.nameOr(""));
      require(secret.isPresent() || secretRef.optionalOr(false), "secret", secretRef.nameOr(""));
      secret.ifPresent(s -> s.data().forEach((key, value) -> env.put(prefix + key, text(value))));
    }
  }

  private static String text(dev.kapell.api.Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  private static void require(boolean there, String kind, String name) {
    if (!there) {
      throw new ConfigFailure(kind + " \"" + name + "\" not found");
    }
  }

  private @Nullable String value(EnvVar variable) {
    EnvVarSource from = variable.valueFrom();
    if (from == null) {
      Map<String, String> known = new LinkedHashMap<>(services);
      known.putAll(env);
      return Expansion.expand(variable.valueOr(""), known);
    }
    if (from.fieldRef() != null) {
      return DownwardFields.field(facts, from.fieldRef().fieldPathOr(""));
    }
    if (from.resourceFieldRef() != null) {
      return DownwardFields.resource(facts, from.resourceFieldRef(), container);
    }
    if (from.configMapKeyRef() != null) {
      var ref = from.configMapKeyRef();
      return key(
          sources
              .configMap(facts.namespace(), ref.nameOr(""))
              .map(m -> m.data().get(ref.keyOr(""))),
          sources.configMap(facts.namespace(), ref.nameOr("")).isPresent(),
          "ConfigMap",
          ref.nameOr(""),
          ref.keyOr(""),
          ref.optionalOr(false));
    }
    if (from.secretKeyRef() != null) {
      var ref = from.secretKeyRef();
      Optional<Secret> secret = sources.secret(facts.namespace(), ref.nameOr(""));
      return key(
          secret.map(s -> s.data().get(ref.keyOr(""))).map(Environment::text),
          secret.isPresent(),
          "Secret",
          ref.nameOr(""),
          ref.keyOr(""),
          ref.optionalOr(false));
    }
    throw new ConfigFailure(
        "env "
            + variable.nameOr("")
            + ": fileKeyRef is not supported by this node; use configMapKeyRef or secretKeyRef");
  }

  private @Nullable String key(
      Optional<String> value,
      boolean object,
      String kind,
      String name,
      String key,
      boolean optional) {
    if (value.isPresent() || optional) {
      return value.orElse(null);
    }
    require(object, kind.toLowerCase(java.util.Locale.ROOT), name);
    throw new ConfigFailure(
        "couldn't find key " + key + " in " + kind + " " + facts.namespace() + "/" + name);
  }
}
