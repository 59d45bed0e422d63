package dev.kapell.apiserver.request;

/**
 * One authenticated, authorized request.
 *
 * @param verb what to do
 * @param target to what
 * @param user who asks
 * @param options the query, read by {@link RequestOptions#parse}
 * @param body empty when the request came without one
 */
public record ApiRequest(
    Verb verb, Target target, User user, RequestOptions options, RequestBody body) {}
