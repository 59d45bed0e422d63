package dev.kapell.apiserver.request;

import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.meta.v1.StatusCause;
import dev.kapell.api.meta.v1.StatusDetails;
import dev.kapell.client.ApiFailure;
import java.util.List;
import java.util.stream.Collectors;

/** Refusals in Kubernetes' words, codes and reasons. */
public final class Failures {
  private Failures() {}

  /** 404: {@code pods "x" not found}. */
  public static ApiFailure notFound(Resource resource, String name) {
    return notFound(resource.group(), resource.plural(), name);
  }

  /** 404: {@code deployments.apps "x" not found}. */
  public static ApiFailure notFound(String group, String plural, String name) {
    return of(
        404,
        "NotFound",
        qualified(plural, group) + " \"" + name + "\" not found",
        details(group, plural, name));
  }

  /** 404 for a path that is not served. */
  public static ApiFailure unknownPath() {
    return of(
        404, "NotFound", "the server could not find the requested resource", StatusDetails.EMPTY);
  }

  /** 409: {@code pods "x" already exists}. */
  public static ApiFailure alreadyExists(Resource resource, String name) {
    return of(
        409,
        "AlreadyExists",
        resource.qualifiedName() + " \"" + name + "\" already exists",
        details(resource, name));
  }

  /** 409: {@code Operation cannot be fulfilled on pods "x": why}. */
  public static ApiFailure conflict(Resource resource, String name, String why) {
    return of(
        409,
        "Conflict",
        "Operation cannot be fulfilled on "
            + resource.qualifiedName()
            + " \""
            + name
            + "\": "
            + why,
        details(resource, name));
  }

  /** 409 because somebody else wrote first. */
  public static ApiFailure modified(Resource resource, String name) {
    return conflict(
        resource,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  /** 409 of server-side apply, with one cause for each field that another manager owns. */
  public static ApiFailure applyConflict(String message, List<StatusCause> causes) {
    return of(409, "Conflict", message, StatusDetails.builder().causes(causes).build());
  }

  /** 422: {@code Deployment.apps "x" is invalid: spec.selector: Required value}. */
  public static ApiFailure invalid(Resource resource, String name, List<FieldError> errors) {
    return invalid(resource.group(), resource.kind(), name, errors);
  }

  /** 422 for a body that is not the resource's own kind. */
  public static ApiFailure invalid(
      String group, String kind, String name, List<FieldError> errors) {
    String all =
        errors.stream().distinct().map(FieldError::toString).collect(Collectors.joining(", "));
    String message =
        qualified(kind, group)
            + " \""
            + name
            + "\" is invalid: "
            + (errors.size() > 1 ? "[" + all + "]" : all);
    StatusDetails details =
        details(group, kind, name).withCauses(errors.stream().map(Failures::cause).toList());
    return of(422, "Invalid", message, details);
  }

  /** 422 for a request that is well formed and cannot be done, such as a failed JSON patch. */
  public static ApiFailure unprocessable(String message) {
    return of(422, "Invalid", message, StatusDetails.EMPTY);
  }

  /** 403: {@code pods "x" is forbidden: why}. */
  public static ApiFailure forbidden(Resource resource, String name, String why) {
    return forbidden(resource, name, why, List.of());
  }

  /** 403 with causes. */
  public static ApiFailure forbidden(
      Resource resource, String name, String why, List<StatusCause> causes) {
    String subject = name.isEmpty() ? "" : " \"" + name + "\"";
    return of(
        403,
        "Forbidden",
        resource.qualifiedName() + subject + " is forbidden: " + why,
        details(resource, name).withCauses(causes));
  }

  /** 403: what is made has no place in a namespace that goes. */
  public static ApiFailure terminating(Resource resource, String name, String namespace) {
    return forbidden(
        resource,
        name,
        "unable to create new content in namespace "
            + namespace
            + " because it is being terminated",
        List.of(
            cause(
                "NamespaceTerminating",
                "metadata.namespace",
                "namespace " + namespace + " is being terminated")));
  }

  /** 401. */
  public static ApiFailure unauthorized() {
    return of(401, "Unauthorized", "Unauthorized", StatusDetails.EMPTY);
  }

  /** 400. */
  public static ApiFailure badRequest(String message) {
    return of(400, "BadRequest", message, StatusDetails.EMPTY);
  }

  /** 410: the revision is no longer kept. */
  public static ApiFailure expired(String message) {
    return of(410, "Expired", message, StatusDetails.EMPTY);
  }

  /** 410 of a list in pages, with the token by which it can go on at the newest revision. */
  public static ApiFailure expired(String message, String continueToken) {
    Status status = expired(message).status();
    return new ApiFailure(status.withMetadata(status.metadata().withContinue_(continueToken)));
  }

  /** 405: {@code patch is not supported on resources of kind "bindings"}. */
  public static ApiFailure methodNotAllowed(Resource resource, Verb verb) {
    return of(
        405,
        "MethodNotAllowed",
        verb.word() + " is not supported on resources of kind \"" + resource.qualifiedName() + "\"",
        details(resource, ""));
  }

  /** 405 in other words. */
  public static ApiFailure methodNotAllowed(String message) {
    return of(405, "MethodNotAllowed", message, StatusDetails.EMPTY);
  }

  /** 415. */
  public static ApiFailure unsupportedMediaType(List<String> accepted) {
    return of(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", accepted),
        StatusDetails.EMPTY);
  }

  /** 406. */
  public static ApiFailure notAcceptable(List<String> offered) {
    return of(
        406,
        "NotAcceptable",
        "only the following media types are accepted: " + String.join(", ", offered),
        StatusDetails.EMPTY);
  }

  /** 413. */
  public static ApiFailure tooLarge(long limitBytes) {
    return of(
        413,
        "RequestEntityTooLarge",
        "Request entity too large: limit is " + limitBytes + " bytes",
        StatusDetails.EMPTY);
  }

  /** 429: come back after some seconds. */
  public static ApiFailure tooManyRequests(
      String message, int retryAfterSeconds, List<StatusCause> causes) {
    return of(
        429,
        "TooManyRequests",
        message,
        StatusDetails.builder().retryAfterSeconds(retryAfterSeconds).causes(causes).build());
  }

  /** 504: the request took too long. */
  public static ApiFailure timeout(String message) {
    return of(504, "Timeout", "Timeout: " + message, StatusDetails.EMPTY);
  }

  /** 504 for a revision that lies in the future. */
  public static ApiFailure tooLargeResourceVersion(long asked, long current) {
    StatusCause cause =
        StatusCause.builder()
            .reason("ResourceVersionTooLarge")
            .message("Too large resource version")
            .build();
    return of(
        504,
        "Timeout",
        "Timeout: Too large resource version: " + asked + ", current: " + current,
        StatusDetails.builder().causes(List.of(cause)).retryAfterSeconds(1).build());
  }

  /** 503: try again. */
  public static ApiFailure unavailable(String message) {
    return of(503, "ServiceUnavailable", message, StatusDetails.EMPTY);
  }

  /** 502: a server behind this one answered what may not be passed on. */
  public static ApiFailure badGateway(String message) {
    return of(502, "InternalError", message, StatusDetails.EMPTY);
  }

  /** 500: a bug or a broken machine. */
  public static ApiFailure internal(String message) {
    return of(500, "InternalError", "Internal error occurred: " + message, StatusDetails.EMPTY);
  }

  /** A cause for {@link StatusDetails}. */
  public static StatusCause cause(String reason, String field, String message) {
    return StatusCause.builder().reason(reason).field(field).message(message).build();
  }

  private static StatusCause cause(FieldError error) {
    return cause(error.reason(), error.field(), error.message());
  }

  private static StatusDetails details(Resource resource, String name) {
    return details(resource.group(), resource.plural(), name);
  }

  private static StatusDetails details(String group, String kind, String name) {
    StatusDetails.Builder details = StatusDetails.builder().kind(kind);
    if (!group.isEmpty()) {
      details.group(group);
    }
    if (!name.isEmpty()) {
      details.name(name);
    }
    return details.build();
  }

  private static String qualified(String name, String group) {
    return group.isEmpty() ? name : name + "." + group;
  }

  private static ApiFailure of(int code, String reason, String message, StatusDetails details) {
    Status.Builder status =
        Status.builder().status("Failure").code(code).reason(reason).message(message);
    if (!details.equals(StatusDetails.EMPTY)) {
      status.details(details);
    }
    return new ApiFailure(status.build());
  }
}
