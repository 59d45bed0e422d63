/**
 * Priority and fairness: which requests wait for which, so that a greedy client slows nobody but
 * itself.
 *
 * <pre>
 * request ─ Classifier ─▶ flow schema, level, flow ─ Seats ─┬─ seats are free ──────────▶ run
 *            (snapshot of the objects)                       ├─ queue of the flow's hand ─▶ wait ─▶ run
 *                                                            └─ full, or no queues ─────▶ 429
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.apiserver.flow.FlowControl}. The lock of {@code Seats} guards
 * every level and queue; classifiers are immutable.
 */
@NullMarked
package dev.kapell.apiserver.flow;

import org.jspecify.annotations.NullMarked;
