@NullMarked
package dev.kapell.sim.serve;

import org.jspecify.annotations.NullMarked;
