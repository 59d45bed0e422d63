package dev.kapell.api;

/** What becomes of fields that a type does not have. */
public enum UnknownFields {
  /** They are dropped. */
  IGNORE,
  /** They are dropped, and named in the result's warnings. */
  WARN,
  /** They fail the decoding. */
  STRICT
}
