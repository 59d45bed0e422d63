package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.admission.Lookup;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.OptionRules;
import dev.kapell.apiserver.request.Outcome;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.TokenIssuer;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.store.Entry;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Sends each request to its verb. Thread-safe. */
public final class Registry implements Pipeline, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  private static final Set<String> FIXED_NAMESPACES =
      Set.of("default", "kube-system", "kube-public");

  /** So many objects of a collection are deleted together. */
  private static final int TOGETHER = 64;

  private final Rows rows;
  private final Storage storage;
  private final Reads reads;
  private final Watches watches;
  private final Create create;
  private final Update update;
  private final Patches patches;
  private final Deletion deletion;
  private final Scales scales;
  private final Bindings bindings;
  private final Evictions evictions;
  private final Tokens tokens;
  private final Connections connections;
  private final Passing passing;

  /**
   * What the registry takes from outside.
   *
   * @param store keeps the objects
   * @param clock stamps and alarms
   * @param randomness uids, generated names, addresses
   * @param tokens signs for service accounts
   */
  public record Parts(Store store, Clock clock, Randomness randomness, TokenIssuer tokens) {}

  /** Serves {@code rows} under {@code admission}. */
  public Registry(Parts parts, Rows rows, Admission admission) {
    this.rows = rows;
    storage = new Storage(parts.store());
    Metadata metadata = new Metadata(parts.clock(), parts.randomness());
    ServiceAddresses addresses = new ServiceAddresses(parts.clock(), parts.randomness());
    new ServiceRepair(parts.store(), addresses).run();
    NodePorts nodePorts = new NodePorts(parts.randomness());
    Allocations allocations =
        Allocations.all(
            List.of(
                new ServiceAllocations(addresses, nodePorts),
                new QuotaAllocations(),
                new NamespaceHold()));
    reads = new Reads(storage);
    watches = new Watches(storage, parts.clock());
    FieldOwners owners = new FieldOwners(rows, metadata);
    WriteParts writing = new WriteParts(storage, metadata, admission, allocations, owners);
    create = new Create(writing);
    update = new Update(writing, create);
    Applies applies = new Applies(storage, create, update, owners);
    patches = new Patches(update, applies);
    deletion = new Deletion(storage, metadata, admission, allocations);
    scales = new Scales(storage, update, applies);
    bindings = new Bindings(writing);
    evictions = new Evictions(storage, deletion, metadata, admission);
    tokens = new Tokens(storage, parts.tokens(), admission);
    connections = new Connections(storage, reads, admission);
    passing = new Passing(rows, storage, admission);
  }

  /** Reads what is stored, past every right. */
  public static Lookup lookup(Store store) {
    return new Storage(store);
  }

  /** The way of what is answered and not stored. */
  public Passing passing() {
    return passing;
  }

  @Override
  public void close() {
    watches.close();
  }

  /**
   * Keeps the usage in the status of quotas true.
   *
   * @param client to follow them by
   * @param clock for the time in between
   */
  public QuotaCount quotaCount(Client client, Clock clock) {
    return new QuotaCount(storage, client, clock);
  }

  @Override
  public Catalog catalog() {
    return rows;
  }

  @Override
  public Answer handle(ApiRequest request) throws InterruptedException {
    return stage(request).end();
  }

  @Override
  public List<Outcome> handleAll(List<ApiRequest> requests) throws InterruptedException {
    return together(requests, this::stage);
  }

  private interface Stager<R> {
    Staged stage(R request) throws InterruptedException;
  }

  /** Works all of them out, sends them to the store, and only then waits for the first. */
  private <R> List<Outcome> together(List<R> requests, Stager<R> stager)
      throws InterruptedException {
    List<Staged> all = new ArrayList<>(requests.size());
    for (R request : requests) {
      try {
        all.add(stager.stage(request));
      } catch (ApiFailure e) {
        all.add(Staged.refused(e));
      }
    }
    Pass pass = Pass.at(storage.snapshot());
    all.forEach(staged -> send(staged, pass));
    List<Outcome> outcomes = new ArrayList<>(all.size());
    for (Staged staged : all) {
      outcomes.add(Outcome.of(staged::end));
    }
    return outcomes;
  }

  /** One that those before it leave no room for is judged again in its turn, when they are done. */
  private static void send(Staged staged, Pass pass) {
    try {
      staged.send(pass);
    } catch (ApiFailure e) {
      LOG.log(System.Logger.Level.DEBUG, "not sent ahead cause={0}", e.getMessage());
    }
  }

  /** The request up to its commit, if it writes; else it has its answer already. */
  private Staged stage(ApiRequest request) throws InterruptedException {
    Target target = request.target();
    if (target.resource().equals("bindings") && target.group().isEmpty()) {
      return stage(namedBinding(request));
    }
    Row row =
        rows.row(target.group(), target.version(), target.resource())
            .orElseThrow(() -> Failures.unknownPath());
    OptionRules.check(request);
    if (row.resource().namespaced() && target.namespace().isEmpty() && needsNamespace(request)) {
      throw Failures.badRequest(
          "an empty namespace may not be set when "
              + request.verb().word()
              + " is asked of "
              + row.resource().qualifiedName());
    }
    return target.subresource().isEmpty() ? object(request, row) : subresource(request, row);
  }

  private static boolean needsNamespace(ApiRequest request) {
    return switch (request.verb()) {
      case LIST, WATCH, DELETE_COLLECTION -> false;
      case GET, CREATE, UPDATE, PATCH, DELETE -> true;
    };
  }

  private Staged object(ApiRequest request, Row row) throws InterruptedException {
    Draft draft = Draft.of(request, row);
    if (!row.resource().verbs().contains(request.verb().word())) {
      throw Failures.methodNotAllowed(row.resource(), request.verb());
    }
    return switch (request.verb()) {
      case GET -> Staged.of(reads.get(draft));
      case LIST -> Staged.of(reads.list(request, row));
      case WATCH -> Staged.of(watches.watch(request, row));
      case CREATE -> create.fromBody(draft);
      case UPDATE -> update.fromBody(draft);
      case PATCH -> Staged.of(patches.patch(draft));
      case DELETE -> {
        refuseFixed(draft);
        yield deletion.stage(draft, Deletion.Wish.of(draft));
      }
      case DELETE_COLLECTION -> Staged.of(deleteCollection(draft));
    };
  }

  private static void refuseFixed(Draft draft) {
    if (draft.row().table().equals("namespaces") && FIXED_NAMESPACES.contains(draft.name())) {
      throw Failures.forbidden(
          draft.row().resource(), draft.name(), "this namespace may not be deleted");
    }
  }

  private Staged subresource(ApiRequest request, Row row) throws InterruptedException {
    String name = request.target().subresource();
    if (row.resource().subresources().stream().noneMatch(sub -> sub.name().equals(name))) {
      throw Failures.unknownPath();
    }
    Draft draft = Draft.of(request, row);
    return switch (name) {
      case "log", "exec", "attach", "portforward", "proxy" -> Staged.of(connections.begin(draft));
      case "scale" -> Staged.of(scales.handle(draft));
      case "binding" -> bindings.bind(only(draft, Verb.CREATE));
      case "eviction" -> Staged.of(evictions.evict(only(draft, Verb.CREATE)));
      case "token" -> Staged.of(tokens.issue(only(draft, Verb.CREATE)));
      default -> part(draft);
    };
  }

  private Staged part(Draft draft) throws InterruptedException {
    return switch (draft.request().verb()) {
      case GET -> Staged.of(reads.get(draft));
      case UPDATE -> update.fromBody(draft);
      case PATCH -> Staged.of(patches.patch(draft));
      case CREATE, LIST, WATCH, DELETE, DELETE_COLLECTION ->
          throw Failures.methodNotAllowed(draft.row().resource(), draft.request().verb());
    };
  }

  private static Draft only(Draft draft, Verb verb) {
    if (draft.request().verb() != verb) {
      throw Failures.methodNotAllowed(draft.row().resource(), draft.request().verb());
    }
    return draft;
  }

  /** A binding posted to its own collection names its pod in the body. */
  private static ApiRequest namedBinding(ApiRequest request) {
    Obj body = Obj.root(Bodies.tree(request.body()));
    Target target = request.target();
    return new ApiRequest(
        request.verb(),
        new Target(
            "",
            target.version(),
            "pods",
            target.namespace(),
            body.child("metadata").text("name"),
            "binding"),
        request.user(),
        request.options(),
        request.body());
  }

  private Answer deleteCollection(Draft draft) throws InterruptedException {
    ApiRequest request = draft.request();
    Row row = draft.row();
    Selection selection = Selection.of(row, "", request.options());
    Deletion.Wish wish = Deletion.Wish.of(draft);
    List<Entry> entries;
    try (var all = storage.snapshot().list(row.table(), Reads.prefix(request, row), "")) {
      entries = all.filter(selection::matches).toList();
    }
    for (int from = 0; from < entries.size(); from += TOGETHER) {
      int to = Math.min(entries.size(), from + TOGETHER);
      List<Draft> going = new ArrayList<>(to - from);
      entries.subList(from, to).forEach(entry -> going.add(deletionOf(entry, request, row)));
      deleteTogether(going, wish);
    }
    return draft.answer(200, Answers.success());
  }

  private static Draft deletionOf(Entry entry, ApiRequest request, Row row) {
    String path = entry.key().path();
    int slash = row.resource().namespaced() ? path.indexOf('/') : -1;
    Target target =
        new Target(
            row.resource().group(),
            row.resource().version(),
            row.resource().plural(),
            slash < 0 ? "" : path.substring(0, slash),
            path.substring(slash + 1),
            "");
    return Draft.of(
        new ApiRequest(Verb.DELETE, target, request.user(), request.options(), request.body()),
        row);
  }

  /** Objects that somebody else deleted first are what was asked for. */
  private void deleteTogether(List<Draft> drafts, Deletion.Wish wish) throws InterruptedException {
    for (Outcome outcome : together(drafts, draft -> deletion.stage(draft, wish))) {
      if (outcome instanceof Outcome.Refused(ApiFailure failure) && !failure.isNotFound()) {
        throw failure;
      }
    }
  }
}
