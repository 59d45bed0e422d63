/**
 * Where the pods behind each Service are: EndpointSlices, the older Endpoints, and slices that
 * mirror Endpoints written by hand.
 *
 * <p>Entry types: {@link dev.kapell.controllers.endpoint.EndpointSliceController}, {@link
 * dev.kapell.controllers.endpoint.EndpointsController}, {@link
 * dev.kapell.controllers.endpoint.EndpointMirrorController}. No state.
 */
@NullMarked
package dev.kapell.controllers.endpoint;

import org.jspecify.annotations.NullMarked;
