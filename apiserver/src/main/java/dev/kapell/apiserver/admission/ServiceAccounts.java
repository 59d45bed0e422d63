package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.references.PodReferences;
import dev.kapell.apiserver.references.Reference;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Randomness;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives each pod an identity: a service account and a token that is mounted into it. */
final class ServiceAccounts implements Admission {
  private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";
  private static final long TOKEN_SECONDS = 3607;
  private static final long MODE_0644 = 420;
  private static final int SUFFIX_LENGTH = 5;

  private final Randomness randomness;

  ServiceAccounts(Randomness randomness) {
    this.randomness = randomness;
  }

  @Override
  public void admit(Attempt attempt, Obj pod) {
    if (!attempt.creates("pods")) {
      return;
    }
    if (isMirror(pod)) {
      requireNoAccount(attempt, pod);
      return;
    }
    Obj spec = pod.make("spec");
    if (spec.text("serviceAccountName").isEmpty()) {
      spec.put("serviceAccountName", "default").put("serviceAccount", "default");
    }
    String name = spec.text("serviceAccountName");
    String namespace = attempt.request().target().namespace();
    Optional<Obj> account = attempt.lookup().find("serviceaccounts", namespace + "/" + name);
    // The default account follows its namespace by a moment: a pod need not wait for it.
    if (account.isEmpty() && !name.equals("default")) {
      throw Failures.forbidden(
          attempt.resource(),
          pod.child("metadata").text("name"),
          "error looking up service account "
              + namespace
              + "/"
              + name
              + ": serviceaccount \""
              + name
              + "\" not found");
    }
    account.ifPresent(found -> pullSecrets(spec, found));
    if (mounts(spec, account)) {
      mountToken(spec);
    }
  }

  /** Looks at what others left of the pod, and at containers that come later. */
  @Override
  public void validate(Attempt attempt, Obj pod) {
    boolean late =
        attempt.operation() == Operation.UPDATE
            && attempt.resource().qualifiedName().equals("pods")
            && attempt.subresource().equals("ephemeralcontainers");
    if (!late && !attempt.creates("pods")) {
      return;
    }
    if (isMirror(pod)) {
      if (!late) {
        requireNoAccount(attempt, pod);
      }
      return;
    }
    String name = pod.child("spec").text("serviceAccountName");
    attempt
        .lookup()
        .find("serviceaccounts", attempt.namespace() + "/" + name)
        .ifPresent(account -> requireMountable(attempt, late ? onlyLate(pod, name) : pod, account));
  }

  private static boolean isMirror(Obj pod) {
    return pod.child("metadata").strings("annotations").containsKey("kubernetes.io/config.mirror");
  }

  private static Obj onlyLate(Obj pod, String account) {
    return Obj.root(
        Obj.tree(
            "metadata",
            pod.child("metadata").map(),
            "spec",
            Obj.tree(
                "serviceAccountName",
                account,
                "ephemeralContainers",
                pod.child("spec").values("ephemeralContainers"))));
  }

  /** The picture of a pod that a node runs by itself can not borrow anything. */
  private static void requireNoAccount(Attempt attempt, Obj pod) {
    Obj spec = pod.child("spec");
    boolean token =
        spec.items("volumes").stream()
            .flatMap(volume -> volume.child("projected").items("sources").stream())
            .anyMatch(source -> source.has("serviceAccountToken"));
    String why =
        !spec.text("serviceAccountName").isEmpty()
            ? "a mirror pod may not reference service accounts"
            : PodReferences.of(pod).stream().anyMatch(each -> each.resource().equals("secrets"))
                ? "a mirror pod may not reference secrets"
                : token ? "a mirror pod may not use service account token volume projections" : "";
    if (!why.isEmpty()) {
      throw Failures.forbidden(attempt.resource(), pod.child("metadata").text("name"), why);
    }
  }

  /** An account can restrict its pods to the secrets that it lists. */
  private static void requireMountable(Attempt attempt, Obj pod, Obj account) {
    boolean restricts =
        "true".equals(account.child("metadata").strings("annotations").get(ENFORCE));
    if (!restricts) {
      return;
    }
    Set<String> mountable = new HashSet<>();
    account.items("secrets").forEach(secret -> mountable.add(secret.text("name")));
    Set<String> pulls = new HashSet<>();
    account.items("imagePullSecrets").forEach(secret -> pulls.add(secret.text("name")));
    Obj spec = pod.child("spec");
    String name = spec.text("serviceAccountName");
    for (Obj pull : spec.items("imagePullSecrets")) {
      if (!pulls.contains(pull.text("name"))) {
        throw Failures.forbidden(
            attempt.resource(),
            pod.child("metadata").text("name"),
            "imagePullSecrets[0].name=\""
                + pull.text("name")
                + "\" is not allowed because service account "
                + name
                + " does not reference that imagePullSecret");
      }
      mountable.add(pull.text("name"));
    }
    for (Reference reference : PodReferences.of(pod)) {
      if (reference.resource().equals("secrets") && !mountable.contains(reference.name())) {
        throw Failures.forbidden(
            attempt.resource(),
            pod.child("metadata").text("name"),
            "secret \""
                + reference.name()
                + "\" is not allowed because service account "
                + name
                + " does not reference that secret");
      }
    }
  }

  private static void pullSecrets(Obj spec, Obj account) {
    if (spec.values("imagePullSecrets").isEmpty()
        && !account.values("imagePullSecrets").isEmpty()) {
      spec.put("imagePullSecrets", new ArrayList<Object>(account.values("imagePullSecrets")));
    }
  }

  private static boolean mounts(Obj spec, Optional<Obj> account) {
    String field = "automountServiceAccountToken";
    if (spec.has(field)) {
      return spec.flag(field);
    }
    return account.filter(found -> found.has(field)).map(found -> found.flag(field)).orElse(true);
  }

  private void mountToken(Obj spec) {
    String volume = "kube-api-access-" + randomness.nameSuffix(SUFFIX_LENGTH);
    boolean mounted = false;
    for (String containers : List.of("initContainers", "containers")) {
      for (Obj container : spec.items(containers)) {
        boolean taken =
            container.items("volumeMounts").stream()
                .anyMatch(mount -> mount.text("mountPath").equals(MOUNT));
        if (!taken) {
          container
              .list("volumeMounts")
              .add(Obj.tree("mountPath", MOUNT, "name", volume, "readOnly", true));
          mounted = true;
        }
      }
    }
    if (mounted) {
      spec.list("volumes").add(Obj.tree("name", volume, "projected", projection()));
    }
  }

  private static Map<String, Object> projection() {
    Object token =
        Obj.tree(
            "serviceAccountToken", Obj.tree("expirationSeconds", TOKEN_SECONDS, "path", "token"));
    Object root =
        Obj.tree(
            "configMap",
            Obj.tree(
                "items",
                list(Obj.tree("key", "ca.crt", "path", "ca.crt")),
                "name",
                "kube-root-ca.crt"));
    Object fieldRef = Obj.tree("apiVersion", "v1", "fieldPath", "metadata.namespace");
    Object namespace =
        Obj.tree(
            "downwardAPI",
            Obj.tree("items", list(Obj.tree("fieldRef", fieldRef, "path", "namespace"))));
    return Obj.tree("defaultMode", MODE_0644, "sources", list(token, root, namespace));
  }

  private static List<Object> list(Object... items) {
    return new ArrayList<>(List.of(items));
  }
}
