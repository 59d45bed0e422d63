package dev.kapell.sim.cluster;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.client.Watch;
import java.util.Optional;

/** A client in front of another one, which does nothing of its own. */
public abstract class ForwardingClient implements Client {
  /** The one behind, asked for at each call. */
  protected abstract Client to();

  @Override
  public <T extends ApiObject> Optional<T> find(ResourceType<T> type, ObjectKey key) {
    return to().find(type, key);
  }

  @Override
  public <T extends ApiObject> T get(ResourceType<T> type, ObjectKey key) {
    return to().get(type, key);
  }

  @Override
  public <T extends ApiObject> Listing<T> list(ResourceType<T> type, ListQuery query) {
    return to().list(type, query);
  }

  @Override
  public <T extends ApiObject> Watch<T> watch(
      ResourceType<T> type, ListQuery query, String resourceVersion) {
    return to().watch(type, query, resourceVersion);
  }

  @Override
  public <T extends ApiObject> T create(ResourceType<T> type, T object) {
    return to().create(type, object);
  }

  @Override
  public <T extends ApiObject> T update(ResourceType<T> type, T object) {
    return to().update(type, object);
  }

  @Override
  public <T extends ApiObject> T updateStatus(ResourceType<T> type, T object) {
    return to().updateStatus(type, object);
  }

  @Override
  public <T extends ApiObject> T patch(ResourceType<T> type, ObjectKey key, Patch patch) {
    return to().patch(type, key, patch);
  }

  @Override
  public <T extends ApiObject> void delete(
      ResourceType<T> type, ObjectKey key, DeleteOptions options) {
    to().delete(type, key, options);
  }

  @Override
  public <T extends ApiObject> void deleteCollection(
      ResourceType<T> type, ListQuery query, DeleteOptions options) {
    to().deleteCollection(type, query, options);
  }

  @Override
  public <S> S createSubresource(
      ResourceType<?> parent, ObjectKey key, String subresource, S body, Codec<S> codec) {
    return to().createSubresource(parent, key, subresource, body, codec);
  }

  @Override
  public <S> S getSubresource(
      ResourceType<?> parent, ObjectKey key, String subresource, Codec<S> codec) {
    return to().getSubresource(parent, key, subresource, codec);
  }
}
