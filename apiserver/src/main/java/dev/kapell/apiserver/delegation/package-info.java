/**
 * Other servers that are asked who somebody is (TokenReview) and what they may
 * (SubjectAccessReview), as their kubeconfig files say.
 *
 * <p>Entry types: {@link dev.kapell.apiserver.delegation.TokenWebhook}, {@link
 * dev.kapell.apiserver.delegation.AccessWebhook}. Calls run on the thread of the request that needs
 * them; answers are kept for a time, in bounded caches that any thread uses.
 */
@NullMarked
package dev.kapell.apiserver.delegation;

import org.jspecify.annotations.NullMarked;
