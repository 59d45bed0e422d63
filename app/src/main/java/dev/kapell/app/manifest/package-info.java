/**
 * Manifests of files and folders, and how they get to the server. Entry types: {@link
 * dev.kapell.app.manifest.Manifests}, {@link dev.kapell.app.manifest.Applier}. One thread.
 */
@NullMarked
package dev.kapell.app.manifest;

import org.jspecify.annotations.NullMarked;
