/**
 * What evaluation costs, in the units of the reference: estimated from types and sizes when a rule
 * is defined, counted while one runs.
 *
 * <p>Entry types: {@link dev.kapell.cel.cost.Estimator} and {@link dev.kapell.cel.cost.CallCosts}.
 * No state outlives a call.
 */
@NullMarked
package dev.kapell.cel.cost;

import org.jspecify.annotations.NullMarked;
