/**
 * Asking containers how they are, and telling them what is about to happen: probes and lifecycle
 * hooks.
 *
 * <p>Entry types: {@link dev.kapell.node.probe.Actions} carries out one action, {@link
 * dev.kapell.node.probe.Probing} repeats the probes of containers. Each probe has a virtual thread
 * of its own.
 */
@NullMarked
package dev.kapell.node.probe;

import org.jspecify.annotations.NullMarked;
