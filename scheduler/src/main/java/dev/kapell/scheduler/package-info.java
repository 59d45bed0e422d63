/**
 * Finds a node for every pod: filter, score, explain, preempt, bind.
 *
 * <pre>
 *   caches ─▶ Inbox (names that changed) ─▶ one thread: Cluster, PodQueue, Verdicts
 *                                             │ fits               │ does not
 *                                             ▼                    ▼
 *                                        Binder (many threads)  condition, event, victims
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.scheduler.Scheduler}. One virtual thread owns the cluster, the
 * queue and the verdicts; writes to the API server go out on others, and come back as names in the
 * inbox.
 */
@NullMarked
package dev.kapell.scheduler;

import org.jspecify.annotations.NullMarked;
