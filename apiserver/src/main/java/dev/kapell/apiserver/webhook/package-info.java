/**
 * Admission webhooks: servers outside that change or refuse objects.
 *
 * <pre>
 * admit     mutating hooks, one after the other; again when one changed what others had seen
 * validate  validating hooks, all at once; the first in order that refuses decides
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.apiserver.webhook.Webhooks}. The compiled configurations are an
 * immutable value that whoever finds it outdated replaces; everything else belongs to the thread of
 * one write.
 */
@NullMarked
package dev.kapell.apiserver.webhook;

import org.jspecify.annotations.NullMarked;
