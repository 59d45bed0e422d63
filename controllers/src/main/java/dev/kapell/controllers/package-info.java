/**
 * The controllers: one package for each kind of workload or housekeeping. Each observes caches,
 * decides purely, and lets {@code control} apply the plan.
 *
 * <p>Entry type: {@link dev.kapell.controllers.Controllers}, which wires them all.
 */
@NullMarked
package dev.kapell.controllers;

import org.jspecify.annotations.NullMarked;
