@NullMarked
package dev.kapell.sim.lane;

import org.jspecify.annotations.NullMarked;
