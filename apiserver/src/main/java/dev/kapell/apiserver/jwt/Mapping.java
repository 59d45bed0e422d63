package dev.kapell.apiserver.jwt;

import dev.kapell.cel.Budget;
import dev.kapell.cel.Program;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.CostExceeded;
import dev.kapell.cel.value.Null;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes something out of claims: as a claim says it, behind a prefix, or by an expression. */
sealed interface Mapping {
  /** A claim has the wrong form, or an expression has no value: the token is not good. */
  final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /** Nothing is taken. */
  record Nothing() implements Mapping {
    @Override
    public List<String> of(Map<String, Object> claims) {
      return List.of();
    }
  }

  /** What a claim says. */
  record Claim(String name, String prefix) implements Mapping {
    @Override
    public List<String> of(Map<String, Object> claims) throws Unusable {
      return texts(Optional.ofNullable(claims.get(name)), "claim " + name).stream()
          .map(text -> prefix + text)
          .toList();
    }
  }

  /** What an expression makes of all of them. */
  record Expression(Program program) implements Mapping {
    @Override
    public List<String> of(Map<String, Object> claims) throws Unusable {
      Object value = evaluate(program, "claims", claims);
      return texts(value == Null.VALUE ? Optional.empty() : Optional.of(value), program.source());
    }
  }

  /** The texts that {@code claims} lead to; none when they say nothing. */
  List<String> of(Map<String, Object> claims) throws Unusable;

  /** The value of an expression in one variable. */
  static Object evaluate(Program program, String variable, Object value) throws Unusable {
    try {
      return program.eval(
          name -> name.equals(variable) ? Optional.of(value) : Optional.empty(),
          Budget.of(Budget.ONE_CALL));
    } catch (CelError | CostExceeded e) {
      throw new Unusable("expression '" + program.source() + "': " + e.getMessage());
    }
  }

  private static List<String> texts(Optional<Object> value, String what) throws Unusable {
    if (value.isEmpty()) {
      return List.of();
    }
    return switch (value.get()) {
      case String text -> List.of(text);
      case List<?> list when list.stream().allMatch(String.class::isInstance) ->
          list.stream().map(String.class::cast).toList();
      default -> throw new Unusable(what + " is neither a text nor a list of texts");
    };
  }
}
