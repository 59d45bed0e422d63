/**
 * From a pod's spec to what the runtime is asked for: environment, mounts, security, resources,
 * names. Pure, but for what {@link dev.kapell.node.config.Sources} reads.
 *
 * <p>Entry types: {@link dev.kapell.node.config.SandboxConfig}, {@link
 * dev.kapell.node.config.ContainerConfig}. Stateless.
 */
@NullMarked
package dev.kapell.node.config;

import org.jspecify.annotations.NullMarked;
