/**
 * Writes the source of the {@code api} module's records, and the schema beside them, from what the
 * published Kubernetes client knows: its annotated classes give fields, types, what is required and
 * descriptions; its descriptors give the protobuf numbers.
 *
 * <p>Entry type: {@link dev.kapell.apigenerator.Generator}. Runs at build time only, on one thread.
 */
@NullMarked
package dev.kapell.apigenerator;

import org.jspecify.annotations.NullMarked;
