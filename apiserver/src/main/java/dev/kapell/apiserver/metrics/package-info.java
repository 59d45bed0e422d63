/**
 * Figures for operators, in Prometheus' text form and under kube-apiserver's names.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.metrics.Meters}, which families register with.
 * Thread-safe; the series of a family are bounded.
 */
@NullMarked
package dev.kapell.apiserver.metrics;

import org.jspecify.annotations.NullMarked;
