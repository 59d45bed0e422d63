package dev.kapell.apiserver.audit;

/** Where a request is when an event is written. */
enum Stage {
  REQUEST_RECEIVED("RequestReceived"),
  RESPONSE_STARTED("ResponseStarted"),
  RESPONSE_COMPLETE("ResponseComplete"),
  PANIC("Panic");

  private final String word;

  Stage(String word) {
    this.word = word;
  }

  /** As in a policy and an event. */
  String word() {
    return word;
  }
}
