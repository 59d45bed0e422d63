package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.store.Key;

/**
 * One served resource in one version.
 *
 * @param resource what clients see of it
 * @param table where its objects live: {@code pods}, {@code apps/deployments}
 * @param form decodes and checks bodies of this version
 * @param conversion from and to the version that is stored
 * @param strategy how the kind behaves
 */
public record Row(
    Resource resource, String table, Form form, Conversion conversion, Strategy strategy) {

  /** A copy of {@code stored}, an object of this row's table, in this row's version. */
  public Obj served(Obj stored) {
    Obj copy = Obj.root(Trees.copy(stored.map()));
    conversion.fromStored(copy);
    return copy;
  }

  /** The same to look at only, without a copy where nothing is converted. */
  Obj shown(Obj stored) {
    return conversion.isIdentity() ? stored : served(stored);
  }

  /** The table of a resource. */
  public static String table(String group, String plural) {
    return group.isEmpty() ? plural : group + "/" + plural;
  }

  /** Where an object lives. */
  public Key key(String namespace, String name) {
    return new Key(table, resource.namespaced() ? namespace + "/" + name : name);
  }
}
