package dev.kapell.apiserver.policy;

import dev.kapell.apiserver.expression.MatchConditions;
import dev.kapell.apiserver.matching.Matching;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.cel.Program;
import java.util.List;
import java.util.Optional;

/**
 * What both kinds of policies have. Immutable.
 *
 * @param failsOpen {@code failurePolicy: Ignore}
 * @param paramKind {@code apiVersion} and {@code kind} of parameters, when it takes some
 * @param variables in order; each may read those before it
 * @param broken why the policy cannot be evaluated; empty when it can
 */
record Head(
    String name,
    Matching matching,
    boolean failsOpen,
    Optional<ParamKind> paramKind,
    MatchConditions conditions,
    List<Variable> variables,
    String broken) {

  /** The kind of parameters. */
  record ParamKind(String apiVersion, String kind) {
    static Optional<ParamKind> of(Obj spec) {
      return spec.find("paramKind")
          .map(kind -> new ParamKind(kind.text("apiVersion"), kind.text("kind")));
    }

    @Override
    public String toString() {
      return apiVersion + ", Kind=" + kind;
    }
  }

  /** A named expression. */
  record Variable(String name, Program program) {}
}
