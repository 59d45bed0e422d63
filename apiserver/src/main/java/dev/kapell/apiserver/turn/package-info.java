/**
 * Who works on a write at a moment: flows take turns.
 *
 * <pre>
 * write ─ takes a turn ─▶ decode, admit, validate, encode ─ leaves it ─▶ the disk ─┬─ committed ──▶ answer
 *         (flow by flow)        │ ▲                                                └─ too late ──▶ takes a turn again
 *                               ▼ │
 *                        others are asked: webhooks
 * </pre>
 *
 * <p>Seats (see {@code flow}) bound how many requests are under way, waits for disks and webhooks
 * included. There are more of them than processors by far; were all of a greedy client's requests
 * worked on at once, each request of a modest one would share the processors with all of them.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.turn.Turns}; its lock guards who waits.
 */
@NullMarked
package dev.kapell.apiserver.turn;

import org.jspecify.annotations.NullMarked;
