/**
 * Deployments: one ReplicaSet for each template that a Deployment has had, and the orderly change
 * from one to the next.
 *
 * <pre>
 *   observe ─▶ Fleet (which ReplicaSets are ours, which is new)
 *                │
 *                ├─ deleted, paused or resized ─▶ Resize (proportional)
 *                ├─ Recreate ─▶ Recreate
 *                └─ RollingUpdate ─▶ RollingUpdate
 *                │
 *                ├─▶ Revisions (numbers, annotations, history)
 *                └─▶ Progress (status and conditions)
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.controllers.deployment.DeploymentController}. No state.
 */
@NullMarked
package dev.kapell.controllers.deployment;

import org.jspecify.annotations.NullMarked;
