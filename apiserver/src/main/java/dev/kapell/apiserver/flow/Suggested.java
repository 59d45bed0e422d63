package dev.kapell.apiserver.flow;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.flowcontrol.v1.FlowSchema;
import dev.kapell.api.flowcontrol.v1.PriorityLevelConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The flow schemas and priority levels of a new cluster, as Kubernetes has them. */
public record Suggested(List<PriorityLevelConfiguration> levels, List<FlowSchema> schemas) {
  /** Reads them from this program's files. */
  public static Suggested load() {
    return new Suggested(
        read(Types.PRIORITY_LEVEL_CONFIGURATION, "levels.json"),
        read(Types.FLOW_SCHEMA, "schemas.json"));
  }

  private static <T extends dev.kapell.api.ApiObject> List<T> read(
      ResourceType<T> type, String file) {
    try (InputStream in = Suggested.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing from this program's files");
      }
      List<T> objects = new ArrayList<>();
      if (JsonCodec.readTree(in.readAllBytes()) instanceof List<?> trees) {
        for (Object tree : trees) {
          objects.add(JsonCodec.fromTree(type.codec(), tree, UnknownFields.STRICT).value());
        }
      }
      return objects;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (DecodeException e) {
      throw new IllegalStateException(file + " is wrong", e);
    }
  }
}
