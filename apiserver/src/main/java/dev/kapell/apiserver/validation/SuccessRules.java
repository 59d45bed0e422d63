package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;

/** When a Job has succeeded before all of its indexes have. */
final class SuccessRules {
  private static final int LONGEST = 64 * 1024;

  private SuccessRules() {}

  /** Reports what is wrong with a rule of a Job of so many {@code completions}. */
  static void rule(Obj rule, long completions, Errors errors) {
    boolean byIndex = rule.has("succeededIndexes");
    boolean byCount = rule.has("succeededCount");
    if (!byIndex && !byCount) {
      errors.add(
          FieldError.required(
              rule.path(), "at least one of succeededCount or succeededIndexes must be specified"));
    }
    long named = byIndex ? indexes(rule, completions, errors) : completions;
    if (!byCount) {
      return;
    }
    errors.notNegative(rule, "succeededCount");
    long count = rule.number("succeededCount", 0);
    if (count > completions) {
      tooHigh(rule, count, completions, "the number of specified completions", errors);
    }
    if (byIndex && count > named) {
      tooHigh(
          rule,
          count,
          named,
          "the number of indexes in the specified succeededIndexes field",
          errors);
    }
  }

  private static void tooHigh(Obj rule, long count, long most, String what, Errors errors) {
    errors.invalid(
        rule.at("succeededCount"),
        count,
        "must be less than or equal to " + most + " (" + what + ")");
  }

  /** How many indexes are named; 0 when they cannot be read. */
  private static long indexes(Obj rule, long completions, Errors errors) {
    String text = rule.text("succeededIndexes");
    if (text.length() > LONGEST) {
      errors.add(FieldError.tooLong(rule.at("succeededIndexes"), LONGEST));
      return 0;
    }
    try {
      return count(text, completions);
    } catch (IllegalArgumentException e) {
      errors.invalid(
          rule.at("succeededIndexes"), text, "error parsing succeededIndexes: " + e.getMessage());
      return 0;
    }
  }

  private static long count(String text, long completions) {
    long total = 0;
    long last = -1;
    for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      String[] ends = part.split("-", -1);
      if (ends.length > 2) {
        throw new IllegalArgumentException(
            "the fragment \""
                + part
                + "\" violates the requirement that an index interval can have at most two parts"
                + " separated by '-'");
      }
      long first = index(ends[0], completions);
      rises(last, first);
      last = first;
      if (ends.length == 2) {
        last = index(ends[1], completions);
        rises(first, last);
      }
      total += last - first + 1;
    }
    return total;
  }

  private static void rises(long before, long after) {
    if (before >= after) {
      throw new IllegalArgumentException(
          "non-increasing order, previous: " + before + ", current: " + after);
    }
  }

  private static long index(String text, long completions) {
    if (!text.matches("[0-9]{1,10}")) {
      throw new IllegalArgumentException(
          "cannot convert string to integer for index: \"" + text + '"');
    }
    long index = Long.parseLong(text);
    if (index >= completions) {
      throw new IllegalArgumentException("too large index: \"" + text + '"');
    }
    return index;
  }
}
