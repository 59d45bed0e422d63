/**
 * Tokens of other issuers: OpenID Connect, as an {@code AuthenticationConfiguration} describes it.
 *
 * <p>Entry types: {@link dev.kapell.apiserver.jwt.IssuerSettings} and {@link
 * dev.kapell.apiserver.jwt.JwtSource}. The keys of an issuer are fetched by the thread of the
 * request that needs them first, and kept by the library that verifies.
 */
@NullMarked
package dev.kapell.apiserver.jwt;

import org.jspecify.annotations.NullMarked;
