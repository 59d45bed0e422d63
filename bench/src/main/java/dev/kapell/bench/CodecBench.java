package dev.kapell.bench;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.ProtoCodec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Prints what reading and writing one pod costs: warm, in microseconds, and cold, for the first of
 * this process.
 *
 * <p>{@code java -cp … dev.kapell.bench.CodecBench [ROUNDS]}
 */
public final class CodecBench {
  private static final int PER_ROUND = 2_000;
  private static final int WARMUPS = 10;

  private final Clock clock = Clock.system();
  private final int rounds;
  private long sink;

  private CodecBench(int rounds) {
    this.rounds = rounds;
  }

  /** Runs it: how many rounds are measured. */
  public static void main(String[] arguments) {
    new CodecBench(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20).run();
  }

  private void run() {
    byte[] json = SamplePod.JSON.getBytes(StandardCharsets.UTF_8);
    long start = clock.nanoTime();
    Pod pod = JsonCodec.decode(Pod.CODEC, json);
    print("first JSON read in this process", (clock.nanoTime() - start) / 1e3);
    byte[] text = JsonCodec.encode(Pod.CODEC, pod);
    byte[] proto = ProtoCodec.encode(Pod.CODEC, pod);
    System.out.printf("a pod is %,d bytes of JSON, %,d of protobuf%n", text.length, proto.length);
    measure("JSON to record", () -> JsonCodec.decode(Pod.CODEC, text));
    measure("record to JSON", () -> JsonCodec.encode(Pod.CODEC, pod).length);
    measure("JSON to tree", () -> JsonCodec.readTree(text));
    measure("protobuf to record", () -> ProtoCodec.decode(Pod.CODEC, proto));
    measure("record to protobuf", () -> ProtoCodec.encode(Pod.CODEC, pod).length);
    System.out.println("(checksum " + sink + ")");
  }

  private void measure(String what, Supplier<Object> once) {
    double[] micros = new double[rounds];
    for (int round = -WARMUPS; round < rounds; round++) {
      long start = clock.nanoTime();
      for (int i = 0; i < PER_ROUND; i++) {
        sink += once.get().hashCode() & 1; // so that nothing is optimised away
      }
      if (round >= 0) {
        micros[round] = (clock.nanoTime() - start) / 1e3 / PER_ROUND;
      }
    }
    Arrays.sort(micros);
    print(what + ", median of " + rounds, micros[rounds / 2]);
    print("  best", micros[0]);
  }

  private static void print(String what, double micros) {
    System.out.printf("%-50s %,10.2f µs%n", what, micros);
  }
}
