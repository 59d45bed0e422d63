package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;

/**
 * Events, in the form in which they are stored. What is written through {@code events.k8s.io} has
 * to be complete, and only its series changes; through the core group it may be as events used to
 * be.
 */
final class EventRules {
  private static final int SHORT_TEXT = 128;
  private static final int MESSAGE = 1024;
  private static final String EVENT_TIME = "eventTime";
  private static final String UNSET = "needs to be unset";

  /**
   * What an event is about is said once. The note may change, which Kubernetes refuses since 1.21:
   * the public conformance suite changes it.
   */
  private static final List<String> FIXED =
      List.of(
          "involvedObject",
          "reason",
          "source",
          "firstTimestamp",
          "lastTimestamp",
          "count",
          "type",
          EVENT_TIME,
          "action",
          "related",
          "reportingInstance");

  private EventRules() {}

  static void addTo(Map<String, Rules> rows) {
    rows.put("events", (event, errors) -> event(event, "reportingComponent", errors));
    Rules newer = (event, errors) -> event(event, "reportingController", errors);
    rows.put(
        "events.events.k8s.io",
        newer.onCreate(EventRules::complete).onChange(EventRules::onlyItsSeries));
  }

  private static void event(Obj event, String reporter, Errors errors) {
    String about = event.child("involvedObject").text("namespace");
    String namespace = event.child("metadata").text("namespace");
    boolean shared = namespace.equals("default") || namespace.equals("kube-system");
    boolean timed = event.has(EVENT_TIME);
    if (about.isEmpty() ? !shared : !timed && !about.equals(namespace)) {
      errors.invalid("involvedObject.namespace", about, "does not match event.namespace");
    }
    if (timed) {
      String who = event.text("reportingComponent");
      if (who.isEmpty()) {
        errors.add(FieldError.required(reporter, ""));
      }
      errors.format(reporter, who, Format.QUALIFIED_NAME);
      List.of("reportingInstance", "action", "reason")
          .forEach(field -> errors.require(event, field));
      List.of("reportingInstance", "action", "reason")
          .forEach(field -> atMost(event, field, SHORT_TEXT, errors));
      atMost(event, "message", MESSAGE, errors);
    }
  }

  private static void atMost(Obj event, String field, int letters, Errors errors) {
    if (event.text(field).length() > letters) {
      errors.invalid(field, "", "can have at most " + letters + " characters");
    }
  }

  private static void complete(Obj event, Errors errors) {
    series(event, errors);
    errors.require(event, EVENT_TIME);
    String type = event.text("type");
    if (!type.equals("Normal") && !type.equals("Warning")) {
      errors.invalid("type", "", "has invalid value: " + type);
    }
    for (String field : List.of("firstTimestamp", "lastTimestamp")) {
      if (event.has(field)) {
        errors.invalid(field, "", UNSET);
      }
    }
    if (event.number("count", 0) != 0) {
      errors.invalid("count", "", UNSET);
    }
    if (!event.child("source").map().isEmpty()) {
      errors.invalid("source", "", UNSET);
    }
  }

  private static void series(Obj event, Errors errors) {
    if (!event.has("series")) {
      return;
    }
    Obj series = event.child("series");
    if (series.number("count", 0) < 2) {
      errors.invalid(series.at("count"), "", "should be at least 2");
    }
    errors.require(series, "lastObservedTime");
  }

  private static void onlyItsSeries(Obj next, Obj old, Errors errors) {
    if (!Trees.same(next.get("series"), old.get("series"))) {
      series(next, errors);
    }
    FIXED.forEach(field -> errors.immutable(next, old, field));
    if (!next.text("reportingComponent").equals(old.text("reportingComponent"))) {
      errors.invalid("reportingController", next.get("reportingComponent"), "field is immutable");
    }
  }
}
