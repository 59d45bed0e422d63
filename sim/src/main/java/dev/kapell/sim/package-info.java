/**
 * The simulation: whole clusters under virtual time from one seed. Entry type: {@link
 * dev.kapell.sim.Main}, which plays many seeds and prints the story of one that fails.
 */
@NullMarked
package dev.kapell.sim;

import org.jspecify.annotations.NullMarked;
