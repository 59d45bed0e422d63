package dev.kapell.apiserver.webhook;

import dev.kapell.apiserver.matching.Matching;
import dev.kapell.apiserver.remote.RemoteServer;
import dev.kapell.apiserver.tree.Obj;
import java.time.Duration;
import java.util.List;

/**
 * One webhook of a configuration, ready to be called.
 *
 * @param id {@code configuration/name/index}, unique
 * @param configuration the name of the configuration
 * @param name its own name, in messages
 * @param server whom to call
 * @param matching what it is asked about
 * @param conditions {@code matchConditions}, in CEL
 * @param timeout of one call
 * @param failsOpen a call without an answer lets the object pass
 * @param dryRunnable it may be called for a dry run
 * @param reinvocable it may be asked a second time
 * @param reviewVersion of {@code AdmissionReview}: {@code v1} or {@code v1beta1}
 */
record Hook(
    String id,
    String configuration,
    String name,
    RemoteServer server,
    Matching matching,
    List<Obj> conditions,
    Duration timeout,
    boolean failsOpen,
    boolean dryRunnable,
    boolean reinvocable,
    String reviewVersion) {
  private static final long DEFAULT_SECONDS = 10;
  private static final List<String> REVIEWS = List.of("v1", "v1beta1");

  static Hook of(String configuration, int index, Obj webhook) {
    String sideEffects = webhook.text("sideEffects");
    return new Hook(
        configuration + "/" + webhook.text("name") + "/" + index,
        configuration,
        webhook.text("name"),
        RemoteServer.of(webhook.child("clientConfig")),
        Matching.ofWebhook(webhook),
        webhook.items("matchConditions"),
        Duration.ofSeconds(webhook.number("timeoutSeconds", DEFAULT_SECONDS)),
        webhook.text("failurePolicy").equals("Ignore"),
        sideEffects.equals("None") || sideEffects.equals("NoneOnDryRun"),
        webhook.text("reinvocationPolicy").equals("IfNeeded"),
        webhook.texts("admissionReviewVersions").stream()
            .filter(REVIEWS::contains)
            .findFirst()
            .orElse("v1"));
  }
}
