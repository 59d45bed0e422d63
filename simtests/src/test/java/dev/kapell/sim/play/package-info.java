@NullMarked
package dev.kapell.sim.play;

import org.jspecify.annotations.NullMarked;
