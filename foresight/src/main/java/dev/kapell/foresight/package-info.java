/**
 * What would happen if: the controllers' decisions and the scheduler's, brought together in memory.
 *
 * <pre>
 *   objects as they would be stored ─▶ Rehearsal (controllers) ⇄ Stage (scheduler) ─▶ Outcomes
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.foresight.Foreseeing}. Each question is answered on the thread
 * of the request, on pictures of its own.
 */
@NullMarked
package dev.kapell.foresight;

import org.jspecify.annotations.NullMarked;
