package dev.kapell.apiserver.custom;

import dev.kapell.api.DecodeException;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.remote.RemoteServer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks a webhook to convert, with the reference's {@code ConversionReview}. Of the metadata a
 * webhook can change labels and annotations only; the rest stays as it was.
 *
 * @param kind of the objects, for messages
 * @param review {@code v1} or {@code v1beta1}
 */
record WebhookConverter(
    String kind, String review, RemoteServer server, RemoteCalls remote, Randomness randomness)
    implements VersionConverter {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public void convert(List<Obj> objects, String apiVersion) {
    List<Obj> others =
        objects.stream().filter(each -> !each.text("apiVersion").equals(apiVersion)).toList();
    if (others.isEmpty()) {
      return;
    }
    String from = others.getFirst().text("apiVersion");
    List<Obj> converted = ask(others, apiVersion, from);
    if (converted.size() != others.size()) {
      throw failed(from, "returned " + converted.size() + " objects, expected " + others.size());
    }
    for (int i = 0; i < converted.size(); i++) {
      check(others.get(i), converted.get(i), apiVersion, i);
    }
    for (int i = 0; i < converted.size(); i++) {
      take(others.get(i), converted.get(i));
    }
  }

  private List<Obj> ask(List<Obj> objects, String apiVersion, String from) {
    String uid = randomness.uuid().toString();
    List<Object> trees = new ArrayList<>();
    objects.forEach(object -> trees.add(object.map()));
    Map<String, Object> question =
        Obj.tree(
            "kind",
            "ConversionReview",
            "apiVersion",
            "apiextensions.k8s.io/" + review,
            "request",
            Obj.tree("uid", uid, "desiredAPIVersion", apiVersion, "objects", trees));
    Obj answer;
    try {
      answer =
          Obj.root(
              Wire.parseForeign(remote.post(server, "timeout=30s", Wire.plain(question), LIMIT)));
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt();
      throw failed(from, "failed: the server is closing");
    } catch (RemoteCalls.Failed | DecodeException | IllegalStateException e) {
      ApiFailure failure = failed(from, "failed: " + e.getMessage());
      failure.addSuppressed(e);
      throw failure;
    }
    if (!answer.has("response")) {
      throw failed(from, "failed: no response provided");
    }
    Obj response = answer.child("response");
    if (review.equals("v1") && !response.text("uid").equals(uid)) {
      throw failed(
          from,
          "failed: expected response.uid=\"" + uid + "\", got \"" + response.text("uid") + "\"");
    }
    Obj result = response.child("result");
    if (!result.text("status").equals("Success")) {
      String message = result.text("message");
      throw failed(
          from,
          "failed: "
              + (message.isEmpty()
                  ? "response.result.status was '" + result.text("status") + "', not 'Success'"
                  : message));
    }
    return response.items("convertedObjects");
  }

  private void check(Obj original, Obj converted, String apiVersion, int index) {
    String at = "returned invalid converted object at index " + index + ": ";
    String from = original.text("apiVersion");
    if (!converted.text("apiVersion").equals(apiVersion)) {
      throw failed(
          from,
          at
              + "invalid groupVersion (expected "
              + apiVersion
              + ", received "
              + converted.text("apiVersion")
              + ")");
    }
    if (!converted.text("kind").equals(original.text("kind"))) {
      throw failed(
          from,
          at
              + "invalid kind (expected "
              + original.text("kind")
              + ", received "
              + converted.text("kind")
              + ")");
    }
    if (!converted.has("metadata")) {
      throw failed(from, at + "missing metadata in converted object");
    }
    for (String field : List.of("name", "namespace", "uid")) {
      String before = original.child("metadata").text(field);
      String after = converted.child("metadata").text(field);
      if (!before.equals(after)) {
        throw failed(from, at + "must have the same " + field + ": " + before + " != " + after);
      }
    }
  }

  private static void take(Obj original, Obj converted) {
    Map<String, Object> metadata = Trees.copy(original.child("metadata").map());
    Obj kept = Obj.root(metadata);
    for (String field : List.of("labels", "annotations")) {
      kept.copy(field, converted.child("metadata"));
    }
    original.map().clear();
    original.map().putAll(converted.map());
    original.put("metadata", metadata);
  }

  private ApiFailure failed(String apiVersion, String why) {
    return Failures.internal("conversion webhook for " + apiVersion + ", Kind=" + kind + " " + why);
  }
}
