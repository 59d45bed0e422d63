package dev.kapell.apiserver.request;

/** What happens to fields that the schema does not know, or that come twice. */
public enum FieldValidation {
  /** They are dropped silently. */
  IGNORE,
  /** They are dropped, and the answer warns. */
  WARN,
  /** The request is refused. */
  STRICT
}
