package dev.kapell.apiserver.review;

import dev.kapell.api.Codec;
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
import dev.kapell.apiserver.registry.Kinds;
import dev.kapell.apiserver.registry.Passing;
import dev.kapell.apiserver.registry.Row;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The resources of {@code authentication.k8s.io} and {@code authorization.k8s.io}: created,
 * answered, forgotten.
 */
public final class Reviews implements Computed {
  private static final String AUTHENTICATION = "authentication.k8s.io";
  private static final String AUTHORIZATION = "authorization.k8s.io";
  private static final List<Kind<?>> KINDS =
      List.of(
          kind(AUTHENTICATION, "TokenReview", TokenReview.CODEC),
          kind(AUTHENTICATION, "SelfSubjectReview", SelfSubjectReview.CODEC),
          kind(AUTHORIZATION, "SubjectAccessReview", SubjectAccessReview.CODEC),
          kind(AUTHORIZATION, "SelfSubjectAccessReview", SelfSubjectAccessReview.CODEC),
          kind(AUTHORIZATION, "SelfSubjectRulesReview", SelfSubjectRulesReview.CODEC),
          kind(AUTHORIZATION, "LocalSubjectAccessReview", LocalSubjectAccessReview.CODEC));

  private static final List<Resource> RESOURCES = KINDS.stream().map(Kind::resource).toList();

  private final TokenAuthenticator tokens;
  private final Authorizer authorizer;
  private final Passing passing;

  /**
   * Answers what {@code passing} lets through.
   *
   * @param tokens knows who somebody is
   * @param authorizer knows what they may
   */
  public Reviews(TokenAuthenticator tokens, Authorizer authorizer, Passing passing) {
    this.tokens = tokens;
    this.authorizer = authorizer;
    this.passing = passing;
  }

  private record Kind<T>(Resource resource, Codec<T> codec) {}

  private static <T> Kind<T> kind(String group, String kind, Codec<T> codec) {
    String singular = kind.toLowerCase(Locale.ROOT);
    boolean namespaced = kind.startsWith("Local");
    List<String> verbs = List.of("create");
    return new Kind<>(
        new Family(group, "v1").resource(kind, singular + "s", singular, namespaced, verbs), codec);
  }

  /** The rows of all reviews, for those who match writes with kinds. */
  public static List<Row> rows() {
    return KINDS.stream().map(kind -> Kinds.passing(kind.resource(), kind.codec())).toList();
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
    Obj review = passing.admitted(request, warnings);
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
