package dev.kapell.apiserver.policy;

import dev.kapell.apiserver.expression.Environments;
import dev.kapell.apiserver.expression.MatchConditions;
import dev.kapell.apiserver.matching.Matching;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.cel.CompileException;
import dev.kapell.cel.Environment;
import dev.kapell.cel.Program;
import dev.kapell.cel.type.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles the expressions of one policy and gathers what is wrong with them. Used once, by one
 * thread.
 */
final class PolicyCompiler {
  private final Errors errors = new Errors();
  private final ValueType object;
  private final Obj policy;
  private final Obj spec;
  private final Map<String, ValueType> variables = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /** An expression that does not compile, in the compiler's words. */
  record Problem(String path, String words) {}

  /** Of objects whose type is not known. */
  PolicyCompiler(Obj policy) {
    this(policy, ValueType.DYN);
  }

  /** Of objects of a type. */
  PolicyCompiler(Obj policy, ValueType object) {
    this.policy = policy;
    this.object = object;
    this.spec = policy.child("spec");
  }

  /** What is wrong so far. */
  Errors errors() {
    return errors;
  }

  /** Which expressions do not compile, match conditions aside. */
  List<Problem> problems() {
    return List.copyOf(problems);
  }

  Obj spec() {
    return spec;
  }

  /** Everything but the validations or mutations; compile those after it. */
  Head head() {
    Environment conditions = environment(false, true).build();
    MatchConditions.check(spec.items("matchConditions"), conditions, errors);
    List<Head.Variable> compiled = new ArrayList<>();
    for (Obj variable : spec.items("variables")) {
      String name = variable.text("name");
      Environment environment = environment(true, true).build();
      compile(environment, variable, "expression")
          .ifPresent(program -> compiled.add(new Head.Variable(name, program)));
      variables.put(name, ValueType.DYN);
    }
    return new Head(
        policy.child("metadata").text("name"),
        Matching.ofResources(spec.child("matchConstraints")),
        spec.text("failurePolicy").equals("Ignore"),
        Head.ParamKind.of(spec),
        spec.items("matchConditions").isEmpty()
            ? MatchConditions.NONE
            : MatchConditions.of(spec.items("matchConditions"), conditions),
        List.copyOf(compiled),
        "");
  }

  /** The head, once everything is compiled. */
  Head finished(Head head) {
    return new Head(
        head.name(),
        head.matching(),
        head.failsOpen(),
        head.paramKind(),
        head.conditions(),
        head.variables(),
        errors.isEmpty() ? "" : errors.list().getFirst().toString());
  }

  /**
   * What expressions can read.
   *
   * @param withVariables the policy's own
   * @param authorizer whether rights can be asked for
   */
  Environment.Builder environment(boolean withVariables, boolean authorizer) {
    Environment.Builder builder =
        authorizer ? Environments.ofRequest(object) : Environments.ofObjects(object);
    builder.variable("namespaceObject", Environments.namespace());
    if (spec.has("paramKind")) {
      builder.variable("params", ValueType.DYN);
    }
    if (withVariables) {
      builder.variable("variables", ValueType.object("kubernetes.variables", variables));
    }
    return builder;
  }

  /** The expression in a field of {@code owner}, when it is one. */
  Optional<Program> compile(Environment environment, Obj owner, String field, String... results) {
    String expression = owner.text(field);
    try {
      return Optional.of(environment.compile(expression, results));
    } catch (CompileException e) {
      problems.add(new Problem(owner.at(field), e.words().strip()));
      boolean type = e.words().startsWith("must evaluate");
      errors.invalid(owner.at(field), expression, (type ? "" : "compilation failed: ") + e.words());
      return Optional.empty();
    }
  }
}
