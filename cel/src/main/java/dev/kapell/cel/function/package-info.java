/**
 * The functions of the language, a row each: signature and body. Kubernetes' libraries beside CEL's
 * own.
 *
 * <p>Entry type: {@link dev.kapell.cel.function.Functions}. Rows are immutable; bodies are pure,
 * but for authorization checks.
 */
@NullMarked
package dev.kapell.cel.function;

import org.jspecify.annotations.NullMarked;
