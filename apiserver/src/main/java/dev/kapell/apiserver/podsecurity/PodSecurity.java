package dev.kapell.apiserver.podsecurity;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.audit.Trail;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses pods that ask for more than their namespace allows, and warns of workloads whose pods
 * would be refused. Follows the admission plugin {@code PodSecurity} of Kubernetes.
 */
public final class PodSecurity implements Admission {
  private static final Set<String> WITHOUT_POD = Set.of("status", "binding", "eviction");

  private static final String NOTE = "pod-security.kubernetes.io/";

  private final PodSecurityConfiguration configuration;

  /** With the cluster's own defaults and exemptions. */
  public PodSecurity(PodSecurityConfiguration configuration) {
    this.configuration = configuration;
  }

  @Override
  public void validate(Attempt attempt, Obj object) {
    if (attempt.operation() != Operation.CREATE && attempt.operation() != Operation.UPDATE) {
      return;
    }
    switch (attempt.resource().qualifiedName()) {
      case "namespaces" -> {
        if (attempt.subresource().isEmpty()) {
          namespace(attempt, object);
        }
      }
      case "pods" -> {
        if (!WITHOUT_POD.contains(attempt.subresource()) && isNews(attempt, object)) {
          evaluate(attempt, PodForm.of(object), object, true);
        }
      }
      default -> {
        if (attempt.subresource().isEmpty()) {
          PodForm.ofTemplate(attempt.resource().qualifiedName(), object)
              .ifPresent(form -> evaluate(attempt, form, object, false));
        }
      }
    }
  }

  /** Of an update only new containers and images count: the rest cannot change. */
  private static boolean isNews(Attempt attempt, Obj pod) {
    if (attempt.old().isEmpty()) {
      return true;
    }
    return !images(pod).equals(images(attempt.old().get()));
  }

  private static List<Map<String, String>> images(Obj pod) {
    List<Map<String, String>> images = new ArrayList<>();
    for (Obj container : PodForm.of(pod).containers()) {
      images.add(Map.of(container.text("name"), container.text("image")));
    }
    return images;
  }

  /** Why nothing is asked of the pod; empty when something is. */
  private String exemption(Attempt attempt, PodForm form) {
    return configuration.namespaces().contains(attempt.namespace())
        ? "namespace"
        : configuration.users().contains(attempt.request().user().name())
            ? "user"
            : configuration.runtimeClasses().contains(form.spec().text("runtimeClassName"))
                ? "runtimeClass"
                : "";
  }

  private void evaluate(Attempt attempt, PodForm form, Obj object, boolean enforce) {
    Trail trail = Trail.current();
    String exemption = exemption(attempt, form);
    if (!exemption.isEmpty()) {
      trail.annotate(NOTE + "exempt", exemption);
      return;
    }
    Optional<Obj> namespace = attempt.lookup().find("namespaces", attempt.namespace());
    Policy policy =
        Policy.of(
                namespace.map(found -> found.child("metadata").strings("labels")).orElse(Map.of()),
                configuration.defaults())
            .policy();
    if (enforce) {
      trail.annotate(NOTE + "enforce-policy", policy.enforce().toString());
    }
    if (enforce ? policy.isPrivileged() : policy.tellsNothing()) {
      return;
    }
    if (trail != Trail.NONE) {
      Verdict noted = Verdict.of(policy.audit(), form);
      if (!noted.isClean()) {
        trail.annotate(
            NOTE + "audit-violations",
            "would violate PodSecurity \"" + policy.audit() + "\": " + noted.details());
      }
    }
    if (enforce) {
      Verdict verdict = Verdict.of(policy.enforce(), form);
      if (!verdict.isClean()) {
        throw Failures.forbidden(
            attempt.resource(),
            object.child("metadata").text("name"),
            "violates PodSecurity \"" + policy.enforce() + "\": " + verdict.details());
      }
    }
    Verdict told = Verdict.of(policy.warn(), form);
    if (!told.isClean()) {
      attempt
          .warnings()
          .add("would violate PodSecurity \"" + policy.warn() + "\": " + told.details());
    }
  }

  private void namespace(Attempt attempt, Obj namespace) {
    String name = namespace.child("metadata").text("name");
    Map<String, String> labels = namespace.child("metadata").strings("labels");
    Policy.Labelled now = Policy.of(labels, configuration.defaults());
    Optional<Policy.Labelled> before =
        attempt
            .old()
            .map(old -> old.child("metadata").strings("labels"))
            .map(old -> Policy.of(old, configuration.defaults()));
    boolean known = before.isPresent() && before.get().errors().equals(now.errors());
    if (!now.errors().isEmpty() && !known) {
      throw Failures.invalid(attempt.resource(), name, now.errors());
    }
    LevelVersion enforce = now.policy().enforce();
    if (before.isPresent() && !isStricter(enforce, before.get().policy().enforce())) {
      return;
    }
    if (configuration.namespaces().contains(name)) {
      warnOfExemption(attempt, name, labels, now.policy());
    } else if (before.isPresent()) {
      attempt
          .warnings()
          .addAll(
              ExistingPods.warnings(
                  name,
                  enforce,
                  attempt.lookup().list("pods", name),
                  configuration.runtimeClasses()));
    }
  }

  private static boolean isStricter(LevelVersion now, LevelVersion before) {
    return !now.equals(before)
        && now.level() != Level.PRIVILEGED
        && !(now.minor() == before.minor() && now.level().compareTo(before.level()) <= 0);
  }

  private void warnOfExemption(
      Attempt attempt, String name, Map<String, String> labels, Policy policy) {
    List<String> modes = new ArrayList<>();
    Map<String, LevelVersion> byMode = new java.util.LinkedHashMap<>();
    byMode.put("enforce", policy.enforce());
    byMode.put("audit", policy.audit());
    byMode.put("warn", policy.warn());
    byMode.forEach(
        (mode, level) -> {
          boolean stated =
              labels.containsKey(Policy.PREFIX + mode)
                  || labels.containsKey(Policy.PREFIX + mode + "-version");
          if (stated && level.level() != Level.PRIVILEGED) {
            modes.add(mode + "=" + level);
          }
        });
    if (!policy.isPrivileged() && !policy.equals(configuration.defaults())) {
      attempt
          .warnings()
          .add(
              "namespace \"%s\" is exempt from Pod Security, and the policy (%s) will be ignored"
                  .formatted(name, String.join(", ", modes)));
    }
  }
}
