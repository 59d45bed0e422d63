/**
 * Expressions about requests: which variables there are, and conditions made of them.
 *
 * <p>Entry types: {@link dev.kapell.apiserver.expression.MatchConditions} for webhooks and
 * policies, {@link dev.kapell.apiserver.expression.Environments} for everybody else who compiles
 * expressions (claims of tokens, authorization). The language itself is the module {@code cel};
 * nothing of it is loaded before the first expression. What is compiled is immutable; {@link
 * dev.kapell.apiserver.expression.Inputs} belong to one request.
 */
@NullMarked
package dev.kapell.apiserver.expression;

import org.jspecify.annotations.NullMarked;
