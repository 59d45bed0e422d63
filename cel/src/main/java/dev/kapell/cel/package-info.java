/**
 * Kubernetes' dialect of the Common Expression Language: compiled and type-checked by cel-java,
 * evaluated here on JSON trees, with the costs and limits of the reference.
 *
 * <p>Entry type: {@link dev.kapell.cel.Environment}. Environments and programs are immutable and
 * shared; a {@link dev.kapell.cel.Budget} belongs to one request.
 */
@NullMarked
package dev.kapell.cel;

import org.jspecify.annotations.NullMarked;
