package dev.kapell.apiserver.policy;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.api.admissionregistration.v1.ValidatingAdmissionPolicy;
import dev.kapell.apiserver.admission.Lookup;
import dev.kapell.apiserver.follow.Follower;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks the expressions of each {@code ValidatingAdmissionPolicy} against the types of the kinds
 * that it names, and says in its status what does not fit. One thread, the follower's.
 */
public final class PolicyTypes implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final String PLURAL = "validatingadmissionpolicies";
  private static final int MAX_KINDS = 10;

  private final Follower follower;
  private final Lookup lookup;
  private final Pipeline pipeline;
  private final Rows rows;

  /** Reads policies through {@code follower}, which it closes, and writes through the pipeline. */
  public PolicyTypes(Follower follower, Lookup lookup, Pipeline pipeline, Rows rows) {
    this.follower = follower;
    this.lookup = lookup;
    this.pipeline = pipeline;
    this.rows = rows;
  }

  /** Checks what is there, and from now on what comes. */
  public void start() {
    follower.follow(
        Types.VALIDATING_ADMISSION_POLICY,
        new Follower.Sink<ValidatingAdmissionPolicy>() {
          @Override
          public void reset(List<ValidatingAdmissionPolicy> all) {
            all.forEach(this::put);
          }

          @Override
          public void put(ValidatingAdmissionPolicy policy) {
            check(policy.metadata().nameOr(""));
          }

          @Override
          public void remove(ObjectKey key) {}
        });
  }

  private void check(String name) {
    lookup
        .find("admissionregistration.k8s.io/" + PLURAL, name)
        .filter(policy -> !isChecked(policy))
        .ifPresent(policy -> report(name, policy));
  }

  private static boolean isChecked(Obj policy) {
    return policy.child("status").number("observedGeneration", -1)
        == policy.child("metadata").number("generation", 0);
  }

  private void report(String name, Obj policy) {
    Map<String, Object> types = new LinkedHashMap<>();
    List<Object> warnings = warnings(policy);
    if (!warnings.isEmpty()) {
      types.put("expressionWarnings", warnings);
    }
    Map<String, Object> status =
        Obj.tree(
            "observedGeneration",
            policy.child("metadata").number("generation", 0),
            "typeChecking",
            types);
    Target target = new Target("admissionregistration.k8s.io", "v1", PLURAL, "", name, "status");
    RequestBody body =
        new RequestBody(
            JsonCodec.writeTree(Obj.tree("status", status)), "application/merge-patch+json");
    try {
      pipeline.handle(new ApiRequest(Verb.PATCH, target, User.SYSTEM, RequestOptions.NONE, body));
    } catch (ApiFailure e) {
      // Gone, or changed meanwhile: that change brings it here again.
      LOG.log(System.Logger.Level.DEBUG, "policy not checked object={0} reason={1}", name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One for each expression that does not fit all kinds. */
  private List<Object> warnings(Obj policy) {
    Map<String, StringBuilder> byField = new LinkedHashMap<>();
    KindTypes types = new KindTypes();
    for (Resource resource : named(policy)) {
      types
          .of(resource)
          .ifPresent(
              type -> {
                PolicyCompiler compiler = new PolicyCompiler(policy, type);
                ValidatingPolicy.compile(compiler);
                for (PolicyCompiler.Problem problem : compiler.problems()) {
                  byField
                      .computeIfAbsent(problem.path(), path -> new StringBuilder())
                      .append(resource.apiVersion())
                      .append(", Kind=")
                      .append(resource.kind())
                      .append(": ")
                      .append(problem.words())
                      .append('\n');
                }
              });
    }
    List<Object> warnings = new ArrayList<>();
    byField.forEach(
        (field, warning) ->
            warnings.add(Obj.tree("fieldRef", field, "warning", warning.toString())));
    return warnings;
  }

  /** The resources that the policy names without a wildcard, as far as they are served. */
  private List<Resource> named(Obj policy) {
    List<Resource> named = new ArrayList<>();
    for (Obj rule : policy.child("spec").child("matchConstraints").items("resourceRules")) {
      for (String group : rule.texts("apiGroups")) {
        for (String version : rule.texts("apiVersions")) {
          for (String plural : rule.texts("resources")) {
            rows.find(group, version, plural).ifPresent(named::add);
          }
        }
      }
    }
    return named.stream().distinct().limit(MAX_KINDS).toList();
  }

  @Override
  public void close() {
    follower.close();
  }
}
