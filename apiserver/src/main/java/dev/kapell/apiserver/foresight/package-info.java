/**
 * {@code scheduling.kapell.dev}: why a pod is where it is, and where pods of new objects would go.
 * Computed by the scheduler's own rules when somebody asks; nothing is stored.
 *
 * <p>Entry types: {@link dev.kapell.apiserver.foresight.Foretelling}, which answers requests, and
 * {@link dev.kapell.apiserver.foresight.Foreseer}, which whoever runs the scheduler passes in.
 */
@NullMarked
package dev.kapell.apiserver.foresight;

import org.jspecify.annotations.NullMarked;
