/**
 * Traces of requests, sent to an OpenTelemetry collector: OTLP over HTTP, in JSON.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.tracing.Tracer}. A span is owned by the thread of its
 * request until it ends; then it waits in a bounded queue for the exporter's thread.
 */
@NullMarked
package dev.kapell.apiserver.tracing;

import org.jspecify.annotations.NullMarked;
