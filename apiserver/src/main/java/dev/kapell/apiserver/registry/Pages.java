package dev.kapell.apiserver.registry;

import dev.kapell.api.DecodeException;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The snapshots that lists in pages are being read from, so that all pages show one revision.
 * Thread-safe; keeps the most recently used ones.
 */
final class Pages {
  private static final int KEPT = 64;

  private final Map<Part, Snapshot> snapshots =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Part, Snapshot> eldest) {
          return size() > KEPT;
        }
      };

  /** What a snapshot that is kept may be asked for: one may hold no more than that. */
  record Part(long revision, String table, String prefix) {}

  /** Where a page goes on: after {@code path}, at {@code revision}. */
  record Place(long revision, String path) {
    /** Stands for whatever revision is newest when the page is read. */
    static final long NEWEST = -1;

    String token() {
      byte[] json = Wire.plain(Obj.tree("v", "meta.k8s.io/v1", "rv", revision, "start", path));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    static Place parse(String token) {
      try {
        byte[] json = Base64.getUrlDecoder().decode(token.getBytes(StandardCharsets.US_ASCII));
        Obj place = Obj.root(Wire.parse(json));
        if (place.number("rv", 0) == 0) {
          throw invalid("incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        }
        if (place.text("start").isEmpty()) {
          throw invalid("encoded start key empty (version meta.k8s.io/v1)");
        }
        return new Place(place.number("rv", 0), place.text("start"));
      } catch (IllegalArgumentException | IllegalStateException | DecodeException e) {
        throw invalid(String.valueOf(e.getMessage()));
      }
    }

    private static ApiFailure invalid(String why) {
      return Failures.badRequest("invalid continue token: continue key is not valid: " + why);
    }
  }

  synchronized void keep(Part part, Snapshot snapshot) {
    snapshots.put(part, snapshot);
  }

  synchronized Optional<Snapshot> at(Part part) {
    return Optional.ofNullable(snapshots.get(part));
  }
}
