package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.store.Entry;
import dev.kapell.store.Snapshot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one object, or a collection. */
final class Reads {
  private final Storage storage;
  private final Pages pages = new Pages();

  Reads(Storage storage) {
    this.storage = storage;
  }

  Answer.Single get(Draft draft) {
    RequestOptions options = draft.request().options();
    Snapshot snapshot = storage.snapshot();
    notOlder(snapshot, revision(options.resourceVersion()));
    Row row = draft.row();
    Entry entry =
        snapshot
            .get(row.key(draft.namespace(), draft.name()))
            .orElseThrow(() -> Failures.notFound(row.resource(), draft.name()));
    return draft.answer(200, Versions.served(row, entry.value()));
  }

  Answer.Listed list(ApiRequest request, Row row) {
    RequestOptions options = request.options();
    ListRules.checkList(options);
    Selection selection = Selection.of(row, request.target().name(), options);
    String prefix = prefix(request, row);
    Snapshot snapshot;
    String after = "";
    if (options.continueToken().isEmpty()) {
      snapshot = snapshot(options, row.table(), prefix);
    } else {
      Pages.Place place = Pages.Place.parse(options.continueToken());
      if (revision(options.resourceVersion()) != 0) {
        throw Failures.badRequest("specifying resource version is not allowed when using continue");
      }
      after = place.path();
      Snapshot newest = storage.snapshot();
      notOlder(newest, place.revision());
      snapshot =
          place.revision() < 0
              ? newest
              : at(new Pages.Part(place.revision(), row.table(), prefix))
                  .orElseThrow(() -> expiredPage(place));
    }
    return page(row, prefix, selection, options, snapshot, after);
  }

  static String prefix(ApiRequest request, Row row) {
    String namespace = request.target().namespace();
    return row.resource().namespaced() && !namespace.isEmpty() ? namespace + "/" : "";
  }

  private Answer.Listed page(
      Row row,
      String prefix,
      Selection selection,
      RequestOptions options,
      Snapshot snapshot,
      String after) {
    int limit = options.limit() > 0 ? options.limit() : Integer.MAX_VALUE;
    List<byte[]> items = new ArrayList<>();
    String last = "";
    boolean more = false;
    long remaining = 0;
    try (Stream<Entry> entries = snapshot.list(row.table(), prefix, after)) {
      for (Iterator<Entry> each = entries.iterator(); each.hasNext(); ) {
        Entry entry = each.next();
        if (items.size() == limit) {
          more = true;
          remaining++;
          if (!selection.isEverything()) {
            break;
          }
        } else if (selection.matches(entry)) {
          items.add(entry.value());
          last = entry.key().path();
        }
      }
    }
    String token = "";
    if (more) {
      pages.keep(new Pages.Part(snapshot.revision(), row.table(), prefix), snapshot);
      token = new Pages.Place(snapshot.revision(), last).token();
    }
    return new Answer.Listed(
        row.resource(),
        Versions.served(row, items),
        Long.toString(snapshot.revision()),
        token,
        more && selection.isEverything() ? remaining : -1);
  }

  private Snapshot snapshot(RequestOptions options, String table, String prefix) {
    Snapshot newest = storage.snapshot();
    long revision = revision(options.resourceVersion());
    notOlder(newest, revision);
    if (revision == newest.revision() || !ListRules.isExact(options, revision)) {
      return newest;
    }
    return at(new Pages.Part(revision, table, prefix))
        .orElseThrow(
            () -> Failures.expired("The resourceVersion for the provided list is too old."));
  }

  /** Empty when that is too long ago. */
  private Optional<Snapshot> at(Pages.Part part) {
    return pages.at(part).or(() -> Earlier.of(storage.store(), part));
  }

  static long revision(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw Failures.badRequest(
          "invalid resource version \"" + text + "\": a whole number is needed");
    }
  }

  /** Refuses a revision that has not come yet. */
  static void notOlder(Snapshot snapshot, long revision) {
    if (revision > snapshot.revision()) {
      throw Failures.tooLargeResourceVersion(revision, snapshot.revision());
    }
  }

  /** The client may go on with the token in the answer, at the price of a mixed picture. */
  private static RuntimeException expiredPage(Pages.Place place) {
    return Failures.expired(
        "The provided continue parameter is too old to display a consistent list result. You can"
            + " start a new list without the continue parameter, or use the continue token in this"
            + " response to retrieve the remainder of the results. Continuing with the provided"
            + " token results in an inconsistent list - objects that were created, modified, or"
            + " deleted between the time the first chunk was returned and now may show up in the"
            + " list.",
        new Pages.Place(Pages.Place.NEWEST, place.path()).token());
  }
}
