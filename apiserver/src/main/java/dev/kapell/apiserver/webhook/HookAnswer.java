package dev.kapell.apiserver.webhook;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a hook answered, checked against what it was asked.
 *
 * @param patch a JSON patch; absent when it changes nothing
 * @param result the {@code Status} of a refusal, as it came
 */
record HookAnswer(
    boolean allowed,
    Optional<List<?>> patch,
    Obj result,
    List<String> warnings,
    Map<String, String> auditAnnotations) {

  /** An answer that does not say what answers have to say. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  static HookAnswer read(byte[] json, Hook hook, String uid, boolean mutating) throws Malformed {
    Obj review = parse(json);
    String wanted = "admission.k8s.io/" + hook.reviewVersion();
    boolean strict = hook.reviewVersion().equals("v1");
    if (strict
        && !(review.text("apiVersion").equals(wanted)
            && review.text("kind").equals("AdmissionReview"))) {
      throw new Malformed(
          "expected webhook response of "
              + wanted
              + ", Kind=AdmissionReview, got "
              + review.text("apiVersion")
              + ", Kind="
              + review.text("kind"));
    }
    if (!review.has("response")) {
      throw new Malformed("webhook response was absent");
    }
    Obj response = review.child("response");
    if (strict && !response.text("uid").equals(uid)) {
      throw new Malformed(
          "expected response.uid=\"" + uid + "\", got \"" + response.text("uid") + "\"");
    }
    if (strict) {
      checkPatch(response, mutating);
    }
    return new HookAnswer(
        response.flag("allowed"),
        mutating ? patch(response.text("patch")) : Optional.empty(),
        response.child("status"),
        response.texts("warnings"),
        response.strings("auditAnnotations"));
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Obj parse(byte[] json) throws Malformed {
    try {
      if (JsonCodec.readTree(json) instanceof Map<?, ?> map) {
        return Obj.root((Map<String, Object>) map);
      }
    } catch (DecodeException e) {
      throw (Malformed) new Malformed("the answer is not JSON: " + e.getMessage()).initCause(e);
    }
    throw new Malformed("the answer is not a JSON object");
  }

  private static void checkPatch(Obj response, boolean mutating) throws Malformed {
    boolean patch = !response.text("patch").isEmpty();
    boolean type = response.has("patchType");
    if (!mutating && (patch || type)) {
      throw new Malformed(
          "validating webhook may not return response." + (patch ? "patch" : "patchType"));
    }
    if (patch && !type) {
      throw new Malformed("webhook returned response.patch but not response.patchType");
    }
    if (type && !patch) {
      throw new Malformed("webhook returned response.patchType but not response.patch");
    }
    if (type && !response.text("patchType").equals("JSONPatch")) {
      throw new Malformed(
          "webhook returned invalid response.patchType of \"" + response.text("patchType") + "\"");
    }
  }

  private static Optional<List<?>> patch(String base64) throws Malformed {
    if (base64.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] json = Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
      if (JsonCodec.readTree(json) instanceof List<?> steps) {
        return steps.isEmpty() ? Optional.empty() : Optional.of(steps);
      }
    } catch (DecodeException | IllegalArgumentException e) {
      throw (Malformed)
          new Malformed("received undecodable patch in webhook response: " + e.getMessage())
              .initCause(e);
    }
    throw new Malformed("received undecodable patch in webhook response: it is not a list");
  }
}
