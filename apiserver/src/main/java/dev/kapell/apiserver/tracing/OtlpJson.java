package dev.kapell.apiserver.tracing;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Spans in the JSON form of OTLP 1: an {@code ExportTraceServiceRequest}. Pure. */
final class OtlpJson {
  private static final int ERROR = 2;

  private OtlpJson() {}

  static byte[] request(List<Span.Finished> spans) {
    Map<String, Object> scope =
        Obj.tree(
            "scope",
            Obj.tree("name", "kapell"),
            "spans",
            spans.stream().map(OtlpJson::span).toList());
    Map<String, Object> resource =
        Obj.tree("attributes", List.of(attribute("service.name", "apiserver")));
    return JsonCodec.writeTree(
        Obj.tree(
            "resourceSpans",
            List.of(Obj.tree("resource", resource, "scopeSpans", List.of(scope)))));
  }

  private static Map<String, Object> span(Span.Finished span) {
    Map<String, Object> json =
        Obj.tree("traceId", span.context().traceId(), "spanId", span.context().spanId());
    if (!span.came().parentId().isEmpty()) {
      json.put("parentSpanId", span.came().parentId());
    }
    json.put("name", span.name());
    json.put("kind", span.kind().number());
    json.put("startTimeUnixNano", Long.toString(span.beganNanos()));
    json.put("endTimeUnixNano", Long.toString(span.endedNanos()));
    List<Object> attributes = new ArrayList<>();
    span.attributes().forEach(entry -> attributes.add(attribute(entry.getKey(), entry.getValue())));
    json.put("attributes", attributes);
    if (!span.came().links().isEmpty()) {
      json.put("links", span.came().links().stream().map(OtlpJson::link).toList());
    }
    span.failure().ifPresent(why -> json.put("status", Obj.tree("code", ERROR, "message", why)));
    return json;
  }

  private static Object link(TraceContext other) {
    return Obj.tree("traceId", other.traceId(), "spanId", other.spanId());
  }

  private static Object attribute(String key, Object value) {
    Map<String, Object> typed =
        switch (value) {
          case Boolean flag -> Obj.tree("boolValue", flag);
          case Number number -> Obj.tree("intValue", Long.toString(number.longValue()));
          default -> Obj.tree("stringValue", value.toString());
        };
    return Obj.tree("key", key, "value", typed);
  }
}
