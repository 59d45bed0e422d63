package dev.kapell.apiserver.request;

import java.util.List;

/** What a request gets. The byte arrays are shared with the store: nobody changes them. */
public sealed interface Answer {

  /**
   * One object, or a {@code Status}.
   *
   * @param code the HTTP code: 200, 201 or 202
   * @param json the object as JSON
   * @param resource what was asked
   * @param warnings for {@code Warning} headers
   */
  record Single(int code, byte[] json, Resource resource, List<String> warnings) implements Answer {
    /** Copies the list. */
    public Single {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * A collection at one revision.
   *
   * @param resource what was asked
   * @param items each as stored, in the version asked for, with {@code apiVersion} and {@code kind}
   * @param resourceVersion where a watch goes on from
   * @param continueToken empty on the last page
   * @param remaining how many items follow this page; negative when unknown or none
   */
  record Listed(
      Resource resource,
      List<byte[]> items,
      String resourceVersion,
      String continueToken,
      long remaining)
      implements Answer {}

  /**
   * The changes of a collection. The taker owns the stream and closes it.
   *
   * @param resource what was asked
   * @param stream polled by the taker
   */
  record Watching(Resource resource, WatchStream stream) implements Answer {}

  /**
   * A conversation that the node agent holds: {@code log}, {@code exec}, {@code attach}, {@code
   * portforward}, {@code proxy}.
   *
   * @param resource what was asked
   * @param target the whole target
   * @param json the object (pod, node or service) as it is now
   */
  record Connect(Resource resource, Target target, byte[] json) implements Answer {}
}
