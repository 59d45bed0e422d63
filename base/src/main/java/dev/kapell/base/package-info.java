/**
 * The ground floor: time, randomness, back-off and bounded task scopes.
 *
 * <p>Everything above takes its clock, its sleeps and its random numbers from here, so that a whole
 * control plane can run under virtual time from one seed. Entry types: {@link
 * dev.kapell.base.Clock}, {@link dev.kapell.base.Randomness}, {@link dev.kapell.base.TaskScope}.
 * Never a place for "util".
 */
@NullMarked
package dev.kapell.base;

import org.jspecify.annotations.NullMarked;
