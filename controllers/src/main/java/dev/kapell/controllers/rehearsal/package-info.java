/**
 * What the controllers would make of workloads, step by step, in memory: the pods that would come
 * and go. Their own {@code decide} functions decide; this package only applies what they say to
 * objects that it holds itself.
 *
 * <p>Entry type: {@link dev.kapell.controllers.rehearsal.Rehearsal}. One thread's.
 */
@NullMarked
package dev.kapell.controllers.rehearsal;

import org.jspecify.annotations.NullMarked;
