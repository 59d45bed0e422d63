package dev.kapell.apiserver.registry;

import dev.kapell.api.authentication.v1.TokenRequest;
import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.request.TokenIssuer;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Key;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code token} subresource of service accounts. */
final class Tokens {
  private static final long SHORTEST_SECONDS = 600;
  private static final long LONGEST_SECONDS = 1L << 32;
  private static final long USUAL_SECONDS = 3600;

  private static final Transient REQUESTS = Transient.of(TokenRequest.CODEC, TokenRequest.EMPTY);

  private final Storage storage;
  private final TokenIssuer issuer;
  private final Admission admission;

  Tokens(Storage storage, TokenIssuer issuer, Admission admission) {
    this.storage = storage;
    this.issuer = issuer;
    this.admission = admission;
  }

  Answer.Single issue(Draft draft) {
    Stored account = storage.get(draft.row(), draft.namespace(), draft.name());
    Obj request = Bodies.named(draft, REQUESTS.read(draft.request(), draft.warnings()));
    Obj spec = request.make("spec");
    Admission.Attempt attempt =
        draft.attempt(Admission.Operation.CREATE, Optional.empty(), storage);
    admission.admit(attempt, request);
    admission.validate(attempt, request);
    long lifetime = spec.number("expirationSeconds", USUAL_SECONDS);
    checkLifetime(lifetime);
    TokenIssuer.Issued issued =
        issuer.issue(
            new TokenIssuer.Order(
                draft.namespace(),
                draft.name(),
                account.uid(),
                spec.texts("audiences"),
                lifetime,
                spec.find("boundObjectRef").map(ref -> bound(draft, ref)),
                spec.find("boundObjectRef").flatMap(ref -> node(draft, ref))));
    spec.put("expirationSeconds", lifetime);
    spec.put("audiences", new ArrayList<Object>(issued.audiences()));
    request
        .put("kind", "TokenRequest")
        .put("apiVersion", "authentication.k8s.io/v1")
        .put(
            "status",
            Obj.tree(
                "token",
                issued.jwt(),
                "expirationTimestamp",
                issued.expires().truncatedTo(ChronoUnit.SECONDS).toString()));
    Obj metadata = request.make("metadata");
    metadata.put("name", draft.name()).put("namespace", draft.namespace());
    return draft.answer(201, Wire.plain(request.map()));
  }

  private static void checkLifetime(long seconds) {
    String refusal =
        seconds < SHORTEST_SECONDS
            ? "may not specify a duration less than 10 minutes"
            : "may not specify a duration larger than 2^32 seconds";
    if (seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS) {
      throw Failures.invalid(
          "authentication.k8s.io",
          "TokenRequest",
          "",
          List.of(FieldError.invalid("spec.expirationSeconds", seconds, refusal)));
    }
  }

  /** The node of the pod that a token is bound to. */
  private Optional<TokenIssuer.Bound> node(Draft draft, Obj reference) {
    if (!reference.text("kind").equals("Pod")) {
      return Optional.empty();
    }
    return storage
        .find("pods", draft.namespace() + "/" + reference.text("name"))
        .map(pod -> pod.child("spec").text("nodeName"))
        .filter(node -> !node.isEmpty())
        .flatMap(node -> storage.read(new Key("nodes", node)))
        .map(node -> new TokenIssuer.Bound("Node", node.metadata().text("name"), node.uid()));
  }

  private TokenIssuer.Bound bound(Draft draft, Obj reference) {
    String kind = reference.text("kind");
    String name = reference.text("name");
    Key key =
        switch (kind) {
          case "Pod" -> new Key("pods", draft.namespace() + "/" + name);
          case "Secret" -> new Key("secrets", draft.namespace() + "/" + name);
          case "Node" -> new Key("nodes", name);
          default -> throw Failures.badRequest("cannot bind token to object of type " + kind);
        };
    Optional<Stored> object = storage.read(key);
    if (object.isEmpty()) {
      throw Failures.notFound("", key.table(), name);
    }
    String uid = reference.text("uid");
    if (!uid.isEmpty() && !uid.equals(object.get().uid())) {
      throw Failures.conflict(
          draft.row().resource(),
          draft.name(),
          "the UID in the bound object reference ("
              + uid
              + ") does not match the UID in record. The object might have been deleted and then"
              + " recreated");
    }
    return new TokenIssuer.Bound(kind, name, object.get().uid());
  }
}
