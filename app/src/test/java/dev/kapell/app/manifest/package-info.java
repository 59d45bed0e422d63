/** Tests. */
@NullMarked
package dev.kapell.app.manifest;

import org.jspecify.annotations.NullMarked;
