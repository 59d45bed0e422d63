@NullMarked
package dev.kapell.sim.node;

import org.jspecify.annotations.NullMarked;
