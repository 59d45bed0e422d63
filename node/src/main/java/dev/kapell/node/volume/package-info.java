/**
 * The files that a pod's containers see: volumes, {@code /etc/hosts}, termination messages, and
 * their owners.
 *
 * <p>Entry type: {@link dev.kapell.node.volume.PodVolumes}. It keeps only the tokens it was given;
 * everything else is on disk. A pod's calls come from the tasks of its own worker, one at a time.
 */
@NullMarked
package dev.kapell.node.volume;

import org.jspecify.annotations.NullMarked;
