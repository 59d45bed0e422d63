package dev.kapell.apiserver.encryption;

import dev.kapell.apiserver.tree.Settings;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An {@code EncryptionConfiguration}: for each resource, the first key seals; every key opens what
 * bears its name. Immutable.
 *
 * @param rules the first that covers a table counts
 * @param byName every key of every rule
 */
record Providers(List<Rule> rules, Map<String, EncryptionKey> byName) {
  private static final Set<Integer> KEY_BYTES = Set.of(16, 24, 32);

  /**
   * What happens to some resources.
   *
   * @param resources {@code secrets}, {@code deployments.apps}, {@code *.apps}, {@code *.}, {@code
   *     *.*}
   * @param sealing empty: new values are kept as they are
   * @param keys all of them, in order
   */
  record Rule(List<String> resources, Optional<EncryptionKey> sealing, List<EncryptionKey> keys) {
    boolean covers(String resource, String group) {
      String qualified = group.isEmpty() ? resource : resource + "." + group;
      for (String pattern : resources) {
        if (pattern.equals(qualified) || pattern.equals("*.*") || pattern.equals("*." + group)) {
          return true;
        }
      }
      return false;
    }
  }

  /** The keys of {@code rules} by their names. */
  static Providers of(List<Rule> rules) {
    Map<String, EncryptionKey> byName = new HashMap<>();
    rules.forEach(rule -> rule.keys().forEach(key -> byName.putIfAbsent(key.name(), key)));
    return new Providers(List.copyOf(rules), Map.copyOf(byName));
  }

  /** Reads a configuration; the message of a failure says what to change. */
  static Providers read(Settings file) {
    file.only("apiVersion", "kind", "resources");
    List<Rule> rules = new ArrayList<>();
    Map<String, EncryptionKey> known = new HashMap<>();
    for (Settings resource : file.list("resources")) {
      rules.add(rule(resource, known));
    }
    if (rules.isEmpty()) {
      throw file.invalid("resources", "must name at least one resource");
    }
    return of(rules);
  }

  private static Rule rule(Settings settings, Map<String, EncryptionKey> known) {
    settings.only("resources", "providers");
    List<String> resources = settings.texts("resources");
    if (resources.isEmpty()) {
      throw settings.invalid("resources", "must name at least one resource");
    }
    List<Settings> providers = settings.list("providers");
    if (providers.isEmpty()) {
      throw settings.invalid("providers", "must name at least one provider");
    }
    List<EncryptionKey> keys = new ArrayList<>();
    for (Settings provider : providers) {
      keys.addAll(keys(provider, known));
    }
    boolean plain = providers.getFirst().has("identity");
    return new Rule(resources, plain ? Optional.empty() : Optional.of(keys.getFirst()), keys);
  }

  private static List<EncryptionKey> keys(Settings provider, Map<String, EncryptionKey> known) {
    if (provider.fields().equals(Set.of("identity"))) {
      return List.of();
    }
    for (String other : List.of("aescbc", "secretbox", "kms")) {
      if (provider.has(other)) {
        throw provider.invalid(other, "is not supported by this server; use aesgcm or identity");
      }
    }
    provider.only("aesgcm");
    List<EncryptionKey> keys = new ArrayList<>();
    for (Settings key : provider.child("aesgcm").only("keys").list("keys")) {
      keys.add(key(key, known));
    }
    if (keys.isEmpty()) {
      throw provider.invalid("aesgcm.keys", "must hold at least one key");
    }
    return keys;
  }

  private static EncryptionKey key(Settings settings, Map<String, EncryptionKey> known) {
    settings.only("name", "secret");
    String name = settings.text("name");
    if (name.isEmpty() || name.contains(":") || name.length() > 64) {
      throw settings.invalid("name", "must have 1 to 64 characters and no colon");
    }
    EncryptionKey key = EncryptionKey.of(name, secret(settings));
    EncryptionKey same = known.putIfAbsent(name, key);
    if (same != null && !same.equals(key)) {
      throw settings.invalid("name", "is given to two different keys: " + name);
    }
    return key;
  }

  private static byte[] secret(Settings settings) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(settings.text("secret").strip());
    } catch (IllegalArgumentException e) {
      throw settings.invalid("secret", "is not base64");
    }
    if (!KEY_BYTES.contains(bytes.length)) {
      throw settings.invalid("secret", "must be 16, 24 or 32 bytes in base64, not " + bytes.length);
    }
    return bytes;
  }

  /** The rule of a table of the store, {@code secrets} or {@code apps/deployments}. */
  Optional<Rule> of(String table) {
    int slash = table.indexOf('/');
    String group = slash < 0 ? "" : table.substring(0, slash);
    String resource = table.substring(slash + 1);
    for (Rule rule : rules) {
      if (rule.covers(resource, group)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }
}
