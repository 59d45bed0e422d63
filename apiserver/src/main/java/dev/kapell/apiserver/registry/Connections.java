package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lets conversations with pods, nodes and services begin. */
final class Connections {
  private static final Set<String> FLAGS = Set.of("stdin", "stdout", "stderr", "tty");
  private static final String PORTS = "ports";

  private final Storage storage;
  private final Reads reads;
  private final Admission admission;

  Connections(Storage storage, Reads reads, Admission admission) {
    this.storage = storage;
    this.reads = reads;
    this.admission = admission;
  }

  /** What the one who holds the conversation is to know; logs are read, the rest is admitted. */
  Answer.Connect begin(Draft draft) {
    byte[] object = reads.get(draft).json();
    if (!draft.subresource().equals("log")) {
      Admission.Attempt attempt =
          draft.attempt(Admission.Operation.CONNECT, Optional.empty(), storage);
      Obj options = options(draft);
      admission.admit(attempt, options);
      admission.validate(attempt, options);
    }
    return new Answer.Connect(draft.row().resource(), draft.request().target(), object);
  }

  /** The query as an object of the subresource's kind, for instance {@code PodExecOptions}. */
  private static Obj options(Draft draft) {
    Obj options = Obj.root(new LinkedHashMap<>());
    draft.row().resource().subresources().stream()
        .filter(sub -> sub.name().equals(draft.subresource()))
        .forEach(sub -> options.put("kind", sub.kind()).put("apiVersion", sub.apiVersion()));
    Map<String, List<String>> query = draft.request().options().other();
    for (String name : FLAGS) {
      if (query.containsKey(name)) {
        String value = query.get(name).getFirst();
        options.put(name, !value.equals("false") && !value.equals("0"));
      }
    }
    for (String name : List.of("container", "path")) {
      if (query.containsKey(name)) {
        options.put(name, query.get(name).getFirst());
      }
    }
    if (query.containsKey("command")) {
      options.put("command", new ArrayList<Object>(query.get("command")));
    }
    if (query.containsKey(PORTS)) {
      options.put(PORTS, query.get(PORTS).stream().<Object>map(Connections::port).toList());
    }
    return options;
  }

  private static Object port(String text) {
    return text.matches("[0-9]{1,5}") ? (Object) Long.valueOf(text) : text;
  }
}
