package dev.kapell.apiserver.podsecurity;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One thing that a level forbids, in some versions.
 *
 * @param id the name in the Pod Security Standards; checks of a level run in the order of their ids
 * @param level from which level on
 * @param since the first minor version of Kubernetes that has it
 * @param until the first that has it no longer; {@link LevelVersion#LATEST} when all have
 * @param replaces the id of the baseline check that this one makes superfluous; empty for none
 * @param violation what is wrong with a pod
 */
record Check(
    String id,
    Level level,
    int since,
    int until,
    String replaces,
    Function<PodForm, Optional<Violation>> violation) {

  /**
   * What is wrong.
   *
   * @param reason in short
   * @param detail where, and what; may be empty
   */
  record Violation(String reason, String detail) {}

  static Check baseline(String id, int since, Function<PodForm, Optional<Violation>> violation) {
    return new Check(id, Level.BASELINE, since, LevelVersion.LATEST, "", violation);
  }

  static Check restricted(String id, int since, Function<PodForm, Optional<Violation>> violation) {
    return new Check(id, Level.RESTRICTED, since, LevelVersion.LATEST, "", violation);
  }

  /** The same, up to a version. */
  Check before(int minor) {
    return new Check(id, level, since, minor, replaces, violation);
  }

  /** The same, instead of a check of the baseline. */
  Check insteadOf(String baseline) {
    return new Check(id, level, since, until, baseline, violation);
  }

  /** The same, for pods of Linux only. */
  Check notOnWindows() {
    return unless(PodForm::isWindows);
  }

  /** The same, but not for pods in a user namespace of their own. */
  Check unlessOwnUsers() {
    return unless(PodForm::hasOwnUsers);
  }

  private Check unless(Predicate<PodForm> exempt) {
    return new Check(
        id,
        level,
        since,
        until,
        replaces,
        pod -> exempt.test(pod) ? Optional.empty() : violation.apply(pod));
  }

  /** From another version on. */
  Check from(int minor) {
    return new Check(id, level, minor, LevelVersion.LATEST, replaces, violation);
  }

  boolean isIn(int minor) {
    return since <= minor && (minor < until || until == LevelVersion.LATEST);
  }
}
