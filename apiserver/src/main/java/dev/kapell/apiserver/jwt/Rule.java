package dev.kapell.apiserver.jwt;

import dev.kapell.cel.Program;
import java.util.Map;

/** What a token, or the user that it makes, has to be. */
sealed interface Rule {
  /** A claim has a value. */
  record Claim(String name, String value) implements Rule {
    @Override
    public void check(Map<String, Object> claims) throws Mapping.Unusable {
      if (!value.equals(claims.get(name))) {
        throw new Mapping.Unusable("claim " + name + " is not " + value);
      }
    }
  }

  /** An expression over {@code variable} holds. */
  record Expression(Program program, String variable, String message) implements Rule {
    @Override
    public void check(Map<String, Object> value) throws Mapping.Unusable {
      if (!Boolean.TRUE.equals(Mapping.evaluate(program, variable, value))) {
        throw new Mapping.Unusable(
            message.isEmpty()
                ? "validation expression '" + program.source() + "' failed"
                : message);
      }
    }
  }

  /** Throws unless it holds. */
  void check(Map<String, Object> value) throws Mapping.Unusable;
}
