/**
 * Secrets at rest: AES-GCM between the tables in memory, which hold what is served, and the file.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.encryption.Encryption}. The store's writer seals and
 * opens; a rotation, from any thread, exchanges an immutable {@code Providers}.
 */
@NullMarked
package dev.kapell.apiserver.encryption;

import org.jspecify.annotations.NullMarked;
