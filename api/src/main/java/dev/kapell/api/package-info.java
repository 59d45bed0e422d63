/**
 * What the objects are: immutable records for every Kubernetes type, their JSON and protobuf
 * codecs, the schema; quantities, selectors, patches. Pure.
 *
 * <p>The records are generated at build time into {@code dev.kapell.api.<group>.<version>}; what is
 * written by hand is here and in the packages beside it. Entry types: {@link
 * dev.kapell.api.ResourceType}, {@link dev.kapell.api.ApiObject}.
 */
@NullMarked
package dev.kapell.api;

import org.jspecify.annotations.NullMarked;
