package dev.kapell.controllers.workload;

import dev.kapell.api.ApiObject;
import dev.kapell.control.loop.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Notices as the conditions of one kind. A condition whose type and reason stay is not written
 * again, so that a message with numbers in it does not make a write of each change. Pure.
 *
 * @param type reads the type of a condition
 * @param reason reads the reason of one
 * @param of makes one
 */
public record Notices<C>(
    Function<C, String> type, Function<C, String> reason, BiFunction<Notice, Instant, C> of) {
  private static final Set<String> TYPES =
      Set.of(
          Notice.PODS_UNSCHEDULABLE,
          Notice.PODS_HELD,
          Notice.SELECTOR_OVERLAP,
          Notice.BUDGET_ROUNDED,
          Notice.NO_NODE_FITS);

  /** {@code known} with what there is to say now, and without what no longer holds. */
  public List<C> among(List<C> known, List<Notice> notices, Instant now) {
    List<C> all = new ArrayList<>();
    for (C condition : known) {
      if (!TYPES.contains(type.apply(condition)) || says(condition, notices)) {
        all.add(condition);
      }
    }
    for (Notice notice : notices) {
      if (!isKnown(notice, known)) {
        all.add(of.apply(notice, now));
      }
    }
    return all;
  }

  /** An event for each notice that is not among the conditions yet. */
  public List<Change> news(ApiObject about, List<Notice> notices, List<C> known) {
    return notices.stream()
        .filter(notice -> !isKnown(notice, known))
        .map(notice -> Change.warn(about, notice.reason(), notice.message()))
        .toList();
  }

  private boolean says(C condition, List<Notice> notices) {
    return notices.stream().anyMatch(notice -> isOf(condition, notice));
  }

  private boolean isKnown(Notice notice, List<C> known) {
    return known.stream().anyMatch(condition -> isOf(condition, notice));
  }

  private boolean isOf(C condition, Notice notice) {
    return type.apply(condition).equals(notice.type())
        && reason.apply(condition).equals(notice.reason());
  }
}
