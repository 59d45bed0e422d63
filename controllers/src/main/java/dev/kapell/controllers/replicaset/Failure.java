package dev.kapell.controllers.replicaset;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Why a pod could not be created or deleted. */
record Failure(String reason, String message, Instant since) {
  /** The type of the condition that tells of it. */
  static final String CONDITION = "ReplicaFailure";

  /**
   * The conditions of a kind.
   *
   * @param type reads the type of one
   * @param reason reads the reason of one
   * @param of makes one of a failure
   */
  record Conditions<C>(
      Function<C, String> type, Function<C, String> reason, Function<Failure, C> of) {

    /** {@code known} with {@code failure}, which stays as it was when it is still the same. */
    List<C> telling(Optional<Failure> failure, List<C> known) {
      List<C> all = new ArrayList<>();
      Optional<Failure> untold = failure;
      for (C condition : known) {
        if (!type.apply(condition).equals(CONDITION)) {
          all.add(condition);
        } else if (untold.isPresent() && reason.apply(condition).equals(untold.get().reason())) {
          all.add(condition);
          untold = Optional.empty();
        }
      }
      untold.map(of).ifPresent(all::add);
      return all;
    }
  }
}
