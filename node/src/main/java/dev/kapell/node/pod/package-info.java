/**
 * Pods on their way from plan to containers and back.
 *
 * <p>Entry type: {@link dev.kapell.node.pod.PodWorkers}. Each pod has one worker on a virtual
 * thread: it looks, lets {@link dev.kapell.node.plan.PodPlanner} decide, starts the changes as
 * tasks of their own and sleeps until something wakes it: the API, the runtime, a probe, the end of
 * a task, or a time. What the worker remembers is in {@link dev.kapell.node.pod.PodMemory}, under
 * its lock, which is never held across I/O. The status goes to the API from a second thread of the
 * pod, the latest one only.
 */
@NullMarked
package dev.kapell.node.pod;

import org.jspecify.annotations.NullMarked;
