/**
 * Who asks: client certificates, service-account tokens, impersonation.
 *
 * <p>Entry types: {@link dev.kapell.apiserver.authentication.Authenticator}, {@link
 * dev.kapell.apiserver.authentication.ServiceAccountTokens}. Thread-safe; the only state is a
 * bounded cache of verified tokens.
 */
@NullMarked
package dev.kapell.apiserver.authentication;

import org.jspecify.annotations.NullMarked;
