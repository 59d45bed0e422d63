package dev.kapell.apiserver.review;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.authentication.v1.SelfSubjectReview;
import dev.kapell.api.authentication.v1.TokenReview;
import dev.kapell.api.authorization.v1.LocalSubjectAccessReview;
import dev.kapell.api.authorization.v1.SelfSubjectAccessReview;
import dev.kapell.api.authorization.v1.SelfSubjectRulesReview;
import dev.kapell.api.authorization.v1.SubjectAccessReview;
import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.apiserver.authentication.TokenAuthenticator;
import dev.kapell.apiserver.authentication.Verified;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.computed.Computed;
import dev.kapell.apiserver.computed.Family;
import dev.kapell.apiserver.registry.Transient;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The resources of {@code authentication.k8s.io} and {@code authorization.k8s.io}: created,
 * answered, forgotten.
 */
public final class Reviews implements Computed {
  private static final String AUTHENTICATION = "authentication.k8s.io";
  private static final String AUTHORIZATION = "authorization.k8s.io";
  private static final List<Resource> RESOURCES =
      List.of(
          resource(AUTHENTICATION, "TokenReview", "tokenreviews", false),
          resource(AUTHENTICATION, "SelfSubjectReview", "selfsubjectreviews", false),
          resource(AUTHORIZATION, "SubjectAccessReview", "subjectaccessreviews", false),
          resource(AUTHORIZATION, "SelfSubjectAccessReview", "selfsubjectaccessreviews", false),
          resource(AUTHORIZATION, "SelfSubjectRulesReview", "selfsubjectrulesreviews", false),
          resource(AUTHORIZATION, "LocalSubjectAccessReview", "localsubjectaccessreviews", true));

  private static final Map<String, Transient> BODIES =
      Map.of(
          "TokenReview", Transient.of(TokenReview.CODEC, TokenReview.EMPTY),
          "SelfSubjectReview", Transient.of(SelfSubjectReview.CODEC, SelfSubjectReview.EMPTY),
          "SubjectAccessReview", Transient.of(SubjectAccessReview.CODEC, SubjectAccessReview.EMPTY),
          "SelfSubjectAccessReview",
              Transient.of(SelfSubjectAccessReview.CODEC, SelfSubjectAccessReview.EMPTY),
          "SelfSubjectRulesReview",
              Transient.of(SelfSubjectRulesReview.CODEC, SelfSubjectRulesReview.EMPTY),
          "LocalSubjectAccessReview",
              Transient.of(LocalSubjectAccessReview.CODEC, LocalSubjectAccessReview.EMPTY));

  private final TokenAuthenticator tokens;
  private final Authorizer authorizer;

  /** Asks {@code tokens} who somebody is, and {@code authorizer} what they may. */
  public Reviews(TokenAuthenticator tokens, Authorizer authorizer) {
    this.tokens = tokens;
    this.authorizer = authorizer;
  }

  private static Resource resource(String group, String kind, String plural, boolean namespaced) {
    String singular = plural.substring(0, plural.length() - 1);
    return new Family(group, "v1").resource(kind, plural, singular, namespaced, List.of("create"));
  }

  @Override
  public List<Resource> resources() {
    return RESOURCES;
  }

  @Override
  public Answer handle(ApiRequest request) {
    Target target = request.target();
    Resource resource = asked(request);
    if (request.verb() != Verb.CREATE || !target.name().isEmpty()) {
      throw Failures.methodNotAllowed(resource, request.verb());
    }
    List<String> warnings = new ArrayList<>();
    Obj review = Objects.requireNonNull(BODIES.get(resource.kind())).read(request, warnings);
    review.make("metadata").drop("creationTimestamp");
    Map<String, Object> status =
        switch (resource.kind()) {
          case "TokenReview" -> token(review.child("spec"));
          case "SelfSubjectReview" -> Obj.tree("userInfo", userInfo(request.user()));
          case "SelfSubjectRulesReview" ->
              rules(request.user(), review.child("spec").text("namespace"));
          default -> access(request, new AccessQuestion(resource, review, target.namespace()));
        };
    review.put("status", status);
    return new Answer.Single(201, JsonCodec.writeTree(review.map()), resource, warnings);
  }

  private Map<String, Object> token(Obj spec) {
    if (spec.text("token").isEmpty()) {
      throw Failures.badRequest("token is required for TokenReview in authentication");
    }
    Optional<Verified> verified = tokens.verify(spec.text("token"), spec.texts("audiences"));
    if (verified.isEmpty()) {
      return Obj.tree(
          "authenticated",
          false,
          "user",
          Obj.tree("username", ""),
          "error",
          "the token is not valid");
    }
    return Obj.tree(
        "authenticated", true,
        "user", userInfo(verified.get().user()),
        "audiences", verified.get().audiences());
  }

  private static Map<String, Object> userInfo(User user) {
    Map<String, Object> info = Obj.tree("username", user.name());
    if (!user.uid().isEmpty()) {
      info.put("uid", user.uid());
    }
    info.put("groups", user.groups());
    if (!user.extra().isEmpty()) {
      info.put("extra", new LinkedHashMap<>(user.extra()));
    }
    return info;
  }

  private Map<String, Object> access(ApiRequest request, AccessQuestion question) {
    Decision decision = authorizer.decide(question.user(request.user()), question.action());
    Map<String, Object> status = Obj.tree("allowed", decision.allowed());
    if (decision.verdict() == Decision.Verdict.DENY) {
      status.put("denied", true);
    }
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
    List<String> errors = new ArrayList<>(question.gaps());
    if (!decision.error().isEmpty()) {
      errors.addFirst(decision.error());
    }
    if (!errors.isEmpty()) {
      status.put("evaluationError", String.join("; ", errors));
    }
    return status;
  }

  private Map<String, Object> rules(User user, String namespace) {
    if (namespace.isEmpty()) {
      throw Failures.badRequest("no namespace on request");
    }
    List<Object> resources = new ArrayList<>();
    List<Object> paths = new ArrayList<>();
    Authorizer.Listing listing = authorizer.list(user, namespace);
    for (PolicyRule rule : listing.rules()) {
      if (rule.nonResourceURLs().isEmpty()) {
        Map<String, Object> entry =
            Obj.tree(
                "verbs",
                rule.verbs(),
                "apiGroups",
                rule.apiGroups(),
                "resources",
                rule.resources());
        if (!rule.resourceNames().isEmpty()) {
          entry.put("resourceNames", rule.resourceNames());
        }
        resources.add(entry);
      } else {
        paths.add(Obj.tree("verbs", rule.verbs(), "nonResourceURLs", rule.nonResourceURLs()));
      }
    }
    Map<String, Object> status =
        Obj.tree(
            "resourceRules",
            resources,
            "nonResourceRules",
            paths,
            "incomplete",
            !listing.gaps().isEmpty());
    if (!listing.gaps().isEmpty()) {
      status.put("evaluationError", String.join(", ", listing.gaps()));
    }
    return status;
  }
}
