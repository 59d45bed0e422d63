package dev.kapell.sim.story;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.store.Cursor;
import dev.kapell.store.Entry;
import dev.kapell.store.Event;
import dev.kapell.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every revision of a store, in order and before any watch does, and keeps the picture of
 * the newest one. To be used on one lane.
 */
public final class History implements AutoCloseable {
  /** Told of, but no part of the picture: they change too often or nothing depends on them. */
  private static final Set<String> UNSEEN = Set.of("events", "events.events.k8s.io");

  private static final int BATCH = 512;

  /** All that the hash is made from. */
  private record Commit(long atNanos, String who, Event event) {
    void into(MessageDigest digest) {
      Entry entry = event.entry();
      String head =
          atNanos + " " + entry.revision() + " " + who + " " + event.kind() + " " + entry.key();
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      digest.update(entry.value());
    }
  }

  /** Who knows more of a revision than the store does. */
  public interface Sources {
    /** The thread that wrote it. */
    String author(long revision);

    /** What its bytes say. */
    <T extends ApiObject> T record(ResourceType<T> type, byte[] stored);
  }

  /** What is in the story beside revisions: what faults and people did. */
  public record Remark(Duration at, String text) {}

  private final Store store;
  private final Clock clock;
  private final Sources sources;
  private final Consumer<Moment> listener;
  private final Picture picture = new Picture();
  private final Map<String, ResourceType<?>> types = new LinkedHashMap<>();
  private final List<Cursor> cursors = new ArrayList<>();
  private final List<Object> lines = new ArrayList<>();
  private final List<Commit> records = new ArrayList<>();
  private long drained;

  private History(Store store, Clock clock, Sources sources, Consumer<Moment> listener) {
    this.store = store;
    this.clock = clock;
    this.sources = sources;
    this.listener = listener;
    for (ResourceType<?> type : Types.all()) {
      String table = type.group().isEmpty() ? type.plural() : type.group() + "/" + type.plural();
      if (types.putIfAbsent(table, type) == null) {
        cursors.add(store.watch(table, "", 0, this::drain));
      }
    }
    drain();
  }

  /**
   * Follows {@code store} from its first revision.
   *
   * @param sources who wrote a revision, and what it says
   * @param listener told of every change, after it is in the picture
   */
  public static History of(Store store, Clock clock, Sources sources, Consumer<Moment> listener) {
    return new History(store, clock, sources, listener);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** On the store's writer. */
  private void drain() {
    long revision = store.snapshot().revision();
    if (revision == drained && drained > 0) {
      return;
    }
    drained = revision;
    List<Event> events = new ArrayList<>();
    for (Cursor cursor : cursors) {
      List<Event> found = cursor.poll(BATCH);
      while (!found.isEmpty()) { // only a cursor that has found nothing is woken again
        events.addAll(found);
        found = cursor.poll(BATCH);
      }
    }
    events.sort(Comparator.comparingLong(Event::revision));
    events.forEach(this::take);
  }

  private void take(Event event) {
    Entry entry = event.entry();
    String who = sources.author(entry.revision());
    records.add(new Commit(clock.nanoTime(), who, event));
    ResourceType<?> type = types.get(entry.key().table());
    if (type == null || UNSEEN.contains(type.qualifiedName())) {
      return;
    }
    ObjectKey key = keyOf(entry.key().path());
    ApiObject after =
        event.kind() == Event.Kind.DELETED ? null : sources.record(type, entry.value());
    @Nullable ApiObject before = picture.put(type, key, after);
    Moment moment =
        new Moment(
            Duration.ofNanos(clock.nanoTime()),
            entry.revision(),
            who,
            event.kind(),
            type,
            key,
            before,
            after);
    lines.add(moment);
    listener.accept(moment);
  }

  private static ObjectKey keyOf(String path) {
    int slash = path.indexOf('/');
    return slash < 0
        ? ObjectKey.cluster(path)
        : new ObjectKey(path.substring(0, slash), path.substring(slash + 1));
  }

  /** Notes what somebody outside does. */
  public void remark(String text) {
    Remark remark = new Remark(Duration.ofNanos(clock.nanoTime()), text);
    lines.add(remark);
  }

  /** The newest revision. */
  public Picture picture() {
    return picture;
  }

  /** How many changes there were. */
  public long count() {
    return records.size();
  }

  /** Moments and remarks, in order. */
  List<Object> lines() {
    return lines;
  }

  /** A hash over every byte of what happened so far. */
  public String hash() {
    MessageDigest digest = sha256();
    records.forEach(record -> record.into(digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() {
    cursors.forEach(Cursor::close);
  }
}
