/**
 * Who works on a request at a moment: flows take turns.
 *
 * <pre>
 * request ─▶ who asks ─▶ a seat ─ takes a turn ─▶ decode, admit, validate, encode ─ leaves it ─▶ the disk ─┬─ committed ─▶ answer
 *    │          │                 (flow by flow)        │ ▲                                                └─ too late: takes a turn again
 *    └─ in a crowd these take a turn ─┐                 ▼ │                                                                    │
 *       each as well ─────────────────┴─────────  others are asked: webhooks  ─────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Seats (see {@code flow}) bound how many requests are under way, waits for disks and webhooks
 * included. There are more of them than processors by far; were all of a greedy client's requests
 * worked on at once, each request of a modest one would share the processors with all of them.
 *
 * <p>There is a crowd when requests wait for seats. Then whatever costs processor time is done in a
 * turn: from the head of the request to its user, what follows a commit, and the answer until it is
 * encrypted and handed to the machine. That costs a crowd up to a fifth of what it could do, and is
 * why it is done for crowds only.
 *
 * <p>In a crowd of several flows room is kept for who asks for little: no flow that has a turn
 * takes the last one, and a request that had to wait for a seat, so one of a greedy flow, keeps its
 * turn through its commit, unless the disk is slow. Else a modest request would wait for a full
 * commit, and then be one of many in its own.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.turn.Turns}; its gate's lock guards who waits.
 */
@NullMarked
package dev.kapell.apiserver.turn;

import org.jspecify.annotations.NullMarked;
