package dev.kapell.apiserver.audit;

import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.meta.v1.StatusDetails;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps Secrets and tokens out of events, wherever they were sent. Pure. */
final class Redaction {
  /** Stands for what is not written down. */
  static final String LEFT_OUT = "left out: it may quote a secret";

  private static final Set<String> KINDS = Set.of("Secret", "TokenReview", "TokenRequest");

  /** A mere reference to a Secret has none of these. */
  private static final Set<String> CONTENT = Set.of("data", "stringData", "spec", "status");

  private Redaction() {}

  /**
   * Whether there is a Secret or a token in {@code tree}: sent to a wrong path, listed, embedded.
   */
  static boolean holdsSecret(@Nullable Object tree) {
    return switch (tree) {
      case Map<?, ?> map -> isSecret(map) || map.values().stream().anyMatch(Redaction::holdsSecret);
      case List<?> list -> list.stream().anyMatch(Redaction::holdsSecret);
      case null, default -> false;
    };
  }

  private static boolean isSecret(Map<?, ?> map) {
    return map.get("kind") instanceof String kind
        && KINDS.contains(kind)
        && map.keySet().stream().anyMatch(CONTENT::contains);
  }

  /** A refusal without its words, which may quote what was sent. */
  static Status withoutWords(Status failure) {
    StatusDetails details = failure.details();
    Status.Builder told = failure.toBuilder().message(LEFT_OUT);
    if (details != null) {
      told.details(details.toBuilder().causes(List.of()).build());
    }
    return told.build();
  }
}
