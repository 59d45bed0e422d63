package dev.kapell.apiserver.flow;

import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import java.util.Optional;

/**
 * A request as flow control sees it.
 *
 * @param user as whom it is handled
 * @param verb for instance {@code list}, or a method in small letters
 * @param target absent for a path that is no resource
 * @param path of a request that is no resource
 * @param seats how many it takes: 1, or more for what is expensive
 */
public record FlowRequest(
    User user, String verb, Optional<Target> target, String path, int seats) {}
