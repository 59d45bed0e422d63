/**
 * HorizontalPodAutoscalers: how many replicas a workload should have by what is measured.
 *
 * <pre>
 *   metrics APIs, pods ─▶ Reading ─▶ Proposal (each metric) ─▶ Advice (all) ─▶ Pace ─▶ Decision
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.controllers.autoscaling.AutoscalerController}. State: what was
 * advised and done lately, owned by {@link dev.kapell.controllers.autoscaling.Histories}, and what
 * counters showed at the last look, owned by {@link dev.kapell.controllers.autoscaling.Counters};
 * both are bounded, and lost with the process.
 */
@NullMarked
package dev.kapell.controllers.autoscaling;

import org.jspecify.annotations.NullMarked;
