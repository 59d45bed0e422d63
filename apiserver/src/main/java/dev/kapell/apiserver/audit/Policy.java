package dev.kapell.apiserver.audit;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.tree.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * An {@code audit.k8s.io/v1} policy: the first rule that matches a request decides; without one
 * nothing is written. Immutable.
 */
public final class Policy {
  private static final String KIND = "Policy";
  private static final Set<String> VERSIONS = Set.of("audit.k8s.io/v1");

  private final List<Rule> rules;

  private Policy(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * What a policy says of a request.
   *
   * @param omitted stages of which nothing is written
   * @param omitManagedFields whether objects lose their {@code managedFields}
   */
  record Decision(Level level, Set<Stage> omitted, boolean omitManagedFields) {
    static final Decision NOTHING = new Decision(Level.NONE, Set.of(), false);

    /** The same without any object. */
    Decision bare() {
      return level.atLeast(Level.REQUEST)
          ? new Decision(Level.METADATA, omitted, omitManagedFields)
          : this;
    }

    boolean writes(Stage stage) {
      return level != Level.NONE && !omitted.contains(stage);
    }
  }

  /**
   * Reads {@code file}; a {@link Settings.Invalid} says what to change.
   *
   * @throws IOException when it cannot be read
   */
  public static Policy read(Path file) throws IOException {
    return parse(Settings.read(file, KIND, VERSIONS));
  }

  static Policy parse(String source, String yaml) {
    return parse(Settings.parse(source, yaml, KIND, VERSIONS));
  }

  /**
   * Who wrote what, who read Secrets and asked for tokens, who got into containers; no objects.
   * What nodes and the cluster's own parts do all the time is left out, as are other reads.
   */
  public static Policy builtIn() {
    try (InputStream in = Policy.class.getResourceAsStream("policy.json")) {
      if (in == null) {
        throw new IllegalStateException("policy.json is missing from this program's files");
      }
      Object tree = JsonCodec.readTree(in.readAllBytes());
      return parse(Settings.of("the built-in audit policy", tree, KIND, VERSIONS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Policy parse(Settings policy) {
    policy.only("apiVersion", "kind", "metadata", "omitStages", "omitManagedFields", "rules");
    Set<Stage> omitted = stages(policy);
    boolean omitFields = policy.flag("omitManagedFields", false);
    List<Rule> rules = new ArrayList<>();
    for (Settings rule : policy.list("rules")) {
      Set<Stage> also = stages(rule);
      also.addAll(omitted);
      rules.add(Rule.read(rule, also, omitFields));
    }
    if (rules.isEmpty()) {
      throw policy.invalid("rules", "must hold at least one rule");
    }
    return new Policy(rules);
  }

  private static Set<Stage> stages(Settings settings) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (String word : settings.texts("omitStages")) {
      stages.add(
          Arrays.stream(Stage.values())
              .filter(stage -> stage.word().equals(word))
              .findFirst()
              .orElseThrow(() -> settings.invalid("omitStages", unknown(word))));
    }
    return stages;
  }

  private static String unknown(String word) {
    return "holds \""
        + word
        + "\"; stages are RequestReceived, ResponseStarted, ResponseComplete, Panic";
  }

  /** What the first rule says that matches; never to write down a Secret or a token. */
  Decision decide(Asked asked) {
    for (Rule rule : rules) {
      if (rule.matches(asked)) {
        return asked.carriesSecrets() ? rule.decision().bare() : rule.decision();
      }
    }
    return Decision.NOTHING;
  }
}
