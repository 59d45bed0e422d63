/**
 * Watches workloads until they run, and says what each pod is waiting for. Entry type: {@link
 * dev.kapell.app.progress.Rollout}. Watchers run on virtual threads of one scope; the board that
 * they share locks itself.
 */
@NullMarked
package dev.kapell.app.progress;

import org.jspecify.annotations.NullMarked;
