/**
 * What the controllers of workloads share: pods, owners, claims, int-or-percent. Pure and without
 * state.
 *
 * <p>Entry types: {@link dev.kapell.controllers.workload.Pods}, {@link
 * dev.kapell.controllers.workload.Owners}, {@link dev.kapell.controllers.workload.Claims}.
 */
@NullMarked
package dev.kapell.controllers.workload;

import org.jspecify.annotations.NullMarked;
