/** Tables of decisions. */
@NullMarked
package dev.kapell.node.plan;

import org.jspecify.annotations.NullMarked;
