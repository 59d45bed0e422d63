/**
 * Pod interfaces: the CNI configuration that the container runtime reads, the bridge it plugs pods
 * into, and what the kernel has to allow.
 *
 * <p>Entry type: {@link dev.kapell.network.cni.PodNetwork}. Without state; called at start and for
 * a purge.
 */
@NullMarked
package dev.kapell.network.cni;

import org.jspecify.annotations.NullMarked;
