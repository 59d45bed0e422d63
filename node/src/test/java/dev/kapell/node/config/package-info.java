/** Tables of what the runtime is asked for. */
@NullMarked
package dev.kapell.node.config;

import org.jspecify.annotations.NullMarked;
