/**
 * Admission policies written in CEL: {@code ValidatingAdmissionPolicy}, {@code
 * MutatingAdmissionPolicy} and their bindings.
 *
 * <pre>
 *  write ─▶ Policies (compiled, by revision) ─▶ match ─▶ bindings ─▶ params ─▶ conditions ─▶ Evaluation ─▶ deny, warn, audit
 *                                                                                       └──▶ Mutator    ─▶ object
 * </pre>
 *
 * <p>Entry types: {@link dev.kapell.apiserver.policy.ValidatingPolicies} and {@link
 * dev.kapell.apiserver.policy.MutatingPolicies}; {@link
 * dev.kapell.apiserver.policy.PolicyDefinitions} checks policies when they are defined. Compiled
 * policies are immutable; what is known is replaced as a whole by whoever first sees a newer
 * revision.
 */
@NullMarked
package dev.kapell.apiserver.policy;

import org.jspecify.annotations.NullMarked;
