package dev.kapell.cel.value;

/** The value {@code null} of the language: a field that is there and says nothing. */
public enum Null {
  /** The only one. */
  VALUE;

  @Override
  public String toString() {
    return "null";
  }
}
