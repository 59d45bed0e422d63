package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import java.util.Set;

/**
 * Who approves or signs certificate requests needs the right for their signer, besides the one to
 * write them: {@code approve} and {@code sign} on {@code signers}, by name or as {@code DOMAIN/*}.
 */
final class CertificateRights {
  private static final String GROUP = "certificates.k8s.io";
  private static final Set<Verb> WRITES = Set.of(Verb.UPDATE, Verb.PATCH);

  private final Pipeline pipeline;
  private final Authorizer authorizer;

  CertificateRights(Pipeline pipeline, Authorizer authorizer) {
    this.pipeline = pipeline;
    this.authorizer = authorizer;
  }

  /** Throws 403 unless the request's user has the right for the signer. */
  void check(ApiRequest request) throws InterruptedException {
    Target target = request.target();
    String verb =
        switch (target.subresource()) {
          case "approval" -> "approve";
          case "status" -> "sign";
          default -> "";
        };
    if (verb.isEmpty()
        || !WRITES.contains(request.verb())
        || !target.group().equals(GROUP)
        || !target.resource().equals("certificatesigningrequests")) {
      return;
    }
    Target object = new Target(GROUP, target.version(), target.resource(), "", target.name(), "");
    ApiRequest read =
        new ApiRequest(Verb.GET, object, request.user(), RequestOptions.NONE, RequestBody.NONE);
    if (!(pipeline.handle(read) instanceof Answer.Single found)) {
      return;
    }
    String signer = Obj.root(ObjectWriter.tree(found.json())).child("spec").text("signerName");
    String domain = signer.substring(0, Math.max(0, signer.indexOf('/'))) + "/*";
    if (!may(request.user(), verb, signer) && !may(request.user(), verb, domain)) {
      throw Failures.forbidden(
          found.resource(),
          target.name(),
          "user not permitted to " + verb + " requests with signerName \"" + signer + "\"");
    }
  }

  private boolean may(User user, String verb, String signer) {
    return authorizer.allows(
        user, Action.on(verb, new Target(GROUP, "v1", "signers", "", signer, "")));
  }
}
