package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.registry.Conversion;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.List;

/**
 * Between the versions of a custom kind, and defaults for what was stored before.
 *
 * @param served the version of the row
 * @param stored the version in which objects are written
 * @param schema of the served version
 */
record CustomConversion(
    String served, String stored, StructuralSchema schema, VersionConverter converter)
    implements Conversion {
  @Override
  public void toStored(Obj object) {
    schema.fill(object.map());
  }

  @Override
  public void fromStored(Obj object) {
    fromStored(List.of(object));
  }

  @Override
  public void fromStored(List<Obj> objects) {
    converter.convert(objects, served);
    for (Obj object : objects) {
      // What an older schema or another version knew is not shown, and so not sent back.
      schema.prune(object.map(), new ArrayList<>());
      schema.fill(object.map());
    }
  }

  @Override
  public void open(Obj object) {
    fromStored(object);
  }

  @Override
  public Obj sealed(Obj object) {
    if (object.text("apiVersion").equals(stored)) {
      return object;
    }
    Obj copy = Obj.root(Trees.copy(object.map()));
    converter.convert(List.of(copy), stored);
    return copy;
  }

  @Override
  public boolean isOutdated(Obj object) {
    return !object.text("apiVersion").equals(stored);
  }

  @Override
  public boolean isRemote() {
    return converter.isRemote();
  }
}
