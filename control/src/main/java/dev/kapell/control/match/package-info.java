/**
 * What specifications say about other objects: label selectors, node selectors, tolerations, the
 * resources that a pod asks for. Pure and without state.
 *
 * <p>Entry types: {@link dev.kapell.control.match.Selectors}, {@link
 * dev.kapell.control.match.NodeSelection}, {@link dev.kapell.control.match.Tolerations}, {@link
 * dev.kapell.control.match.PodRequests}.
 */
@NullMarked
package dev.kapell.control.match;

import org.jspecify.annotations.NullMarked;
