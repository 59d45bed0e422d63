package dev.kapell.apiserver.definition;

/** Rules that Kubernetes did not always have: a definition that broke one already may go on. */
enum Ratchet {
  /** Types are those of OpenAPI v3. */
  TYPES,
  /** Defaults have no unknown fields. */
  PRUNED_DEFAULTS,
  /** Items of a set are atomic. */
  ATOMIC_SETS,
  /** The keys of a list are always there, its items never null. */
  LIST_KEYS
}
