package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.registry.Conversion;
import dev.kapell.apiserver.tree.Obj;

/**
 * Between versions of a custom kind that differ in name only, and defaults for what was stored
 * before.
 */
record CustomConversion(String served, String stored, StructuralSchema schema)
    implements Conversion {
  @Override
  public void toStored(Obj object) {
    schema.fill(object.map());
    object.put("apiVersion", stored);
  }

  @Override
  public void fromStored(Obj object) {
    object.put("apiVersion", served);
    schema.fill(object.map());
  }
}
