package dev.kapell.apiserver.delegation;

import dev.kapell.apiserver.expression.MatchConditions;
import dev.kapell.apiserver.tree.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A server that decides who may do what: the {@code webhook} of an {@code
 * AuthorizationConfiguration}.
 *
 * @param server whom to ask
 * @param name for people
 * @param version of the SubjectAccessReview: v1 or v1beta1
 * @param timeout how long it may take
 * @param allowedKept how long a yes counts; zero: it is asked each time
 * @param othersKept how long any other answer counts
 * @param deniesOnError whether no answer is a no; else the next authorizer is asked
 * @param conditions whether it is asked at all
 */
public record AccessWebhook(
    ReviewServer server,
    String name,
    String version,
    Duration timeout,
    Duration allowedKept,
    Duration othersKept,
    boolean deniesOnError,
    MatchConditions conditions) {
  private static final Duration ALLOWED_KEPT = Duration.ofMinutes(5);
  private static final Duration OTHERS_KEPT = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /**
   * As the flags {@code --authorization-webhook-*} say.
   *
   * @throws Settings.Invalid with what is wrong
   */
  public static AccessWebhook ofFlags(
      Path file, String version, Duration allowedKept, Duration othersKept) throws IOException {
    TokenWebhook.requireReadable("--authorization-webhook-config-file", file);
    Versions.require("--authorization-webhook-version", version);
    return new AccessWebhook(
        ServerFile.read(file),
        "default",
        version,
        LONGEST,
        allowedKept,
        othersKept,
        false,
        MatchConditions.NONE);
  }

  /** Reads an entry's {@code webhook}; throws {@link Settings.Invalid} with what is wrong. */
  public static AccessWebhook read(Settings webhook, String name) throws IOException {
    webhook.only(
        "authorizedTTL",
        "cacheAuthorizedRequests",
        "unauthorizedTTL",
        "cacheUnauthorizedRequests",
        "timeout",
        "subjectAccessReviewVersion",
        "matchConditionSubjectAccessReviewVersion",
        "failurePolicy",
        "connectionInfo",
        "matchConditions");
    Duration timeout = positive(webhook, "timeout", Duration.ZERO);
    if (timeout.compareTo(LONGEST) > 0) {
      throw webhook.invalid("timeout", "must be <= 30s");
    }
    Duration allowed = positive(webhook, "authorizedTTL", ALLOWED_KEPT);
    Duration others = positive(webhook, "unauthorizedTTL", OTHERS_KEPT);
    String policy = oneOf(webhook, "failurePolicy", "NoOpinion", "Deny");
    return new AccessWebhook(
        server(webhook.child("connectionInfo")),
        name,
        oneOf(webhook, "subjectAccessReviewVersion", "v1", "v1beta1"),
        timeout,
        webhook.flag("cacheAuthorizedRequests", true) ? allowed : Duration.ZERO,
        webhook.flag("cacheUnauthorizedRequests", true) ? others : Duration.ZERO,
        policy.equals("Deny"),
        ReviewConditions.read(webhook));
  }

  private static Duration positive(Settings webhook, String field, Duration fallback) {
    if (!webhook.has(field) && fallback.isZero()) {
      throw webhook.invalid(field, "is required");
    }
    Duration span = webhook.span(field, fallback);
    if (!span.isPositive()) {
      throw webhook.invalid(field, "must be > 0s");
    }
    return span;
  }

  static String oneOf(Settings settings, String field, String... values) {
    String text = settings.text(field);
    if (text.isEmpty()) {
      throw settings.invalid(field, "is required: " + String.join(" or ", values));
    }
    for (String value : values) {
      if (text.equals(value)) {
        return text;
      }
    }
    throw settings.invalid(
        field, "must be " + String.join(" or ", values) + ", not \"" + text + "\"");
  }

  private static ReviewServer server(Settings connection) throws IOException {
    connection.only("type", "kubeConfigFile");
    String type = oneOf(connection, "type", "KubeConfigFile", "InClusterConfig");
    if (type.equals("InClusterConfig")) {
      throw connection.invalid("type", "InClusterConfig is not served: use KubeConfigFile");
    }
    String file = connection.text("kubeConfigFile");
    if (file.isEmpty()) {
      throw connection.invalid("kubeConfigFile", "is required");
    }
    Path path = Path.of(file);
    if (!path.isAbsolute()) {
      throw connection.invalid("kubeConfigFile", "must be an absolute path");
    }
    if (!java.nio.file.Files.isRegularFile(path)) {
      throw connection.invalid("kubeConfigFile", "must be a file that can be read: " + path);
    }
    return ServerFile.read(path);
  }
}
