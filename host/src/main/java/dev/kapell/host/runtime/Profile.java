package dev.kapell.host.runtime;

/** A seccomp or AppArmor profile. */
public sealed interface Profile {
  /** The runtime's own profile. */
  record RuntimeDefault() implements Profile {}

  /** None. */
  record Unconfined() implements Profile {}

  /**
   * One of the machine's.
   *
   * @param reference seccomp: absolute path of the file; AppArmor: name of a loaded profile
   */
  record Localhost(String reference) implements Profile {}
}
