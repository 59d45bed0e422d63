/**
 * The audit trail: who asked what when, and what came of it, as {@code audit.k8s.io/v1} events.
 *
 * <pre>
 * ApiHandler ─ Auditor.begin ─▶ Trail ─ stages ─▶ AuditQueue (bounded) ─▶ AuditLog's thread ─▶ file
 *                Policy decides    ▲ annotations, objects: admission, the handler of resources
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.apiserver.audit.Auditor}. A trail belongs to its request's
 * thread, then to the event loop that ends it; the log has a thread of its own.
 */
@NullMarked
package dev.kapell.apiserver.audit;

import org.jspecify.annotations.NullMarked;
