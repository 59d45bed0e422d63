package dev.kapell.apiserver.audit;

/** How much of a request is written down. */
enum Level {
  NONE("None"),
  METADATA("Metadata"),
  REQUEST("Request"),
  REQUEST_RESPONSE("RequestResponse");

  private final String word;

  Level(String word) {
    this.word = word;
  }

  /** As in a policy. */
  String word() {
    return word;
  }

  boolean atLeast(Level other) {
    return compareTo(other) >= 0;
  }
}
