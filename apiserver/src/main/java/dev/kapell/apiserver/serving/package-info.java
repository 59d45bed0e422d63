/**
 * From an HTTP request to the pipeline and back: paths, verbs, media types, lists, watches,
 * statuses.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.serving.ApiServer}. A request lives on a virtual
 * thread of its own; a watch is pushed from the event loop.
 */
@NullMarked
package dev.kapell.apiserver.serving;

import org.jspecify.annotations.NullMarked;
