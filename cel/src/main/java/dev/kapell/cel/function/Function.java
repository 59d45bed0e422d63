package dev.kapell.cel.function;

/**
 * One way to call a function.
 *
 * @param name for instance {@code find}, or {@code _+_}
 * @param signature what it takes and gives
 * @param body what it does
 */
public record Function(String name, Signature signature, Body body) {
  /** Works on values that the signature accepts. */
  @FunctionalInterface
  public interface Body {
    /**
     * The result.
     *
     * @throws dev.kapell.cel.value.CelError when there is none
     */
    Object call(Object[] args);
  }

  static Function of(String name, String signature, Body body) {
    return new Function(name, Signature.parse(signature), body);
  }
}
