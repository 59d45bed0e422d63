package dev.kapell.controllers.garbage;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.client.ObjectKey;

/**
 * An object to be looked at.
 *
 * @param type the name of its type, as {@link ResourceType#toString} gives it
 * @param uid another object by the same name is another item
 */
record Item(String type, ObjectKey key, String uid) {
  static Item of(ResourceType<?> type, ApiObject object) {
    return new Item(type.toString(), ObjectKey.of(object), object.metadata().uidOr(""));
  }
}
