package dev.kapell.apiserver.aggregation;

/**
 * What {@code Available} of an APIService is to say.
 *
 * @param reason in the reference's words, for instance {@code FailedDiscoveryCheck}
 */
record Condition(boolean available, String reason, String message) {
  static final Condition LOCAL =
      new Condition(true, "Local", "Local APIServices are always available");
  static final Condition PASSED = new Condition(true, "Passed", "all checks passed");

  static Condition no(String reason, String message) {
    return new Condition(false, reason, message);
  }
}
