/**
 * The container runtime: pods' sandboxes, their containers, images and the events that wake a pod
 * worker.
 *
 * <p>Entry type: {@link dev.kapell.host.runtime.ContainerRuntime}. {@code CriRuntime} speaks CRI v1
 * to a containerd that {@code Containerd} starts and adopts; {@code SimulatedRuntime} is the twin
 * in memory. Both pass the same contract suite. All calls block and may be made from any thread;
 * events arrive one at a time on the subscription's own thread.
 */
@NullMarked
package dev.kapell.host.runtime;

import org.jspecify.annotations.NullMarked;
