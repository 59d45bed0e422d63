/**
 * Counts and times of requests, in Prometheus' text form.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.metrics.RequestMetrics}. Thread-safe, bounded by the
 * number of resources, verbs and codes.
 */
@NullMarked
package dev.kapell.apiserver.metrics;

import org.jspecify.annotations.NullMarked;
