package dev.kapell.apiserver.policy;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.cel.Environment;
import dev.kapell.cel.Program;
import dev.kapell.cel.type.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A compiled {@code MutatingAdmissionPolicy}. Immutable.
 *
 * @param reinvocable asked again when somebody after it changed the object
 */
record MutatingPolicy(Head head, List<Mutation> mutations, boolean reinvocable) {
  private static final Map<String, ValueType> PATCH =
      Map.of(
          "op", ValueType.STRING,
          "path", ValueType.STRING,
          "from", ValueType.STRING,
          "value", ValueType.DYN);

  /**
   * One change.
   *
   * @param patch whether the expression gives a list of {@code JSONPatch}, else an {@code Object}
   */
  record Mutation(Program program, boolean patch) {}

  static MutatingPolicy of(Obj policy) {
    return compile(new PolicyCompiler(policy));
  }

  /** Compiles what can be; the compiler knows what is wrong. */
  static MutatingPolicy compile(PolicyCompiler compiler) {
    Head head = compiler.head();
    Environment environment =
        compiler
            .environment(true, true)
            .constructs("JSONPatch", PATCH)
            .constructsFreely("Object")
            .build();
    List<Mutation> mutations = new ArrayList<>();
    for (Obj mutation : compiler.spec().items("mutations")) {
      boolean patch = mutation.text("patchType").equals("JSONPatch");
      Obj source = mutation.child(patch ? "jsonPatch" : "applyConfiguration");
      compiler
          .compile(environment, source, "expression", patch ? "list" : "Object")
          .ifPresent(program -> mutations.add(new Mutation(program, patch)));
    }
    return new MutatingPolicy(
        compiler.finished(head),
        mutations,
        compiler.spec().text("reinvocationPolicy").equals("IfNeeded"));
  }
}
