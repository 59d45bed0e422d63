/**
 * How everything above reads and writes API objects, in this process or over HTTPS.
 *
 * <p>Entry type: {@link dev.kapell.client.Client}. The in-process implementation lives in the API
 * server; the HTTP one here.
 */
@NullMarked
package dev.kapell.client;

import org.jspecify.annotations.NullMarked;
