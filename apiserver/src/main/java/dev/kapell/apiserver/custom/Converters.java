package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.remote.RemoteServer;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Randomness;
import java.util.List;

/** Finds out who converts between the versions of a definition. */
record Converters(RemoteCalls remote, Randomness randomness) {
  private static final List<String> REVIEWS = List.of("v1", "v1beta1");

  VersionConverter of(Definition definition) {
    Obj conversion = definition.conversion();
    if (!conversion.text("strategy").equals("Webhook")) {
      return VersionConverter.NONE;
    }
    Obj webhook = conversion.child("webhook");
    return new WebhookConverter(
        definition.names().text("kind"),
        webhook.texts("conversionReviewVersions").stream()
            .filter(REVIEWS::contains)
            .findFirst()
            .orElse("v1"),
        RemoteServer.of(webhook.child("clientConfig")),
        remote,
        randomness);
  }
}
