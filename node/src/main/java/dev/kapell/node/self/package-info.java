/**
 * The node as an object of the API: registered, described, its lease renewed.
 *
 * <p>Entry type: {@link dev.kapell.node.self.NodePresence}, with a thread of its own that owns its
 * state.
 */
@NullMarked
package dev.kapell.node.self;

import org.jspecify.annotations.NullMarked;
