package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.tree.Obj;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Whether a definition may use a group of the Kubernetes project, by the annotation that says so.
 *
 * @param annotation its value
 * @param reason in Kubernetes' words
 */
public record ApiApproval(State state, String annotation, String reason) {
  /** Its name. */
  public static final String ANNOTATION = "api-approved.kubernetes.io";

  private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";

  /** What the annotation says. */
  public enum State {
    /** Neither of the known forms. */
    INVALID,
    /** The URL of an approval. */
    APPROVED,
    /** That there is none, and that this is meant. */
    BYPASSED,
    /** Nothing. */
    MISSING
  }

  /** Empty for groups that need none. */
  public static Optional<ApiApproval> of(Obj definition) {
    String group = "." + definition.child("spec").text("group");
    if (!group.endsWith(".k8s.io") && !group.endsWith(".kubernetes.io")) {
      return Optional.empty();
    }
    String annotation =
        definition.child("metadata").strings("annotations").getOrDefault(ANNOTATION, "");
    String needed = "protected groups must have approval annotation \"" + ANNOTATION + "\"";
    if (annotation.isEmpty()) {
      return Optional.of(new ApiApproval(State.MISSING, annotation, needed + SEE));
    }
    if (annotation.startsWith("unapproved")) {
      return Optional.of(
          new ApiApproval(State.BYPASSED, annotation, "not approved: \"" + annotation + "\""));
    }
    if (isUrl(annotation)) {
      return Optional.of(new ApiApproval(State.APPROVED, annotation, "approved in " + annotation));
    }
    return Optional.of(
        new ApiApproval(
            State.INVALID,
            annotation,
            needed + " with either a URL or a reason starting with \"unapproved\"" + SEE));
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = new URI(text);
      return uri.getScheme() != null && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
