/** What a rollout looks like while it is waited for. */
@NullMarked
package dev.kapell.app.progress;

import org.jspecify.annotations.NullMarked;
