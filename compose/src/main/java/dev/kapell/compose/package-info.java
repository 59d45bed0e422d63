/**
 * Compose files as API objects.
 *
 * <pre>
 * compose.yaml, .env ─file─▶ ComposeFile ─▶ ServiceObjects ─▶ objects, steps
 *                     (interpolated, checked)   (pure)
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.compose.ComposeProject}. It reads files and nothing else; who
 * applies the objects and waits is the command. Follows the Compose specification. Immutable.
 */
@NullMarked
package dev.kapell.compose;

import org.jspecify.annotations.NullMarked;
