package dev.kapell.host.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The program that holds a pod's namespaces: a static ELF of a few hundred bytes, written as
 * machine code, as no compiler is at hand at run time. As process 1 it has to reap orphans when the
 * pod shares its process namespace, and to end at SIGTERM.
 *
 * <pre>
 *   block(SIGINT, SIGTERM, SIGCHLD)     blocked signals are queued even for process 1
 *   wait:  signal = rt_sigtimedwait(those, no info, no timeout)
 *          if signal == SIGCHLD goto reap
 *          if signal < 0        goto wait      interrupted
 *          exit_group(0)
 *   reap:  if wait4(any, no status, WNOHANG) > 0 goto reap
 *          goto wait
 * </pre>
 */
final class PauseProgram {
  private static final long LOAD_ADDRESS = 0x400000;
  private static final int HEADERS = 64 + 56;
  private static final short X86_64 = 62;
  private static final short AARCH64 = 183;

  /** Bit n - 1 for signal n: SIGINT 2, SIGTERM 15, SIGCHLD 17. */
  private static final long SIGNALS = 1L << 1 | 1L << 14 | 1L << 16;

  private PauseProgram() {}

  /** The program for an architecture as Go names it. */
  static byte[] forArchitecture(String architecture) {
    return switch (architecture) {
      case "amd64" -> elf(X86_64, amd64());
      case "arm64" -> elf(AARCH64, arm64());
      default ->
          throw new IllegalArgumentException(
              "no pause program for " + architecture + "; amd64 and arm64 are known");
    };
  }

  /**
   * One segment, readable and executable, that holds the whole file; entry right after the headers.
   */
  private static byte[] elf(short machine, byte[] code) {
    int size = HEADERS + code.length;
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    out.putShort((short) 2).putShort(machine).putInt(1);
    out.putLong(LOAD_ADDRESS + HEADERS).putLong(64).putLong(0).putInt(0);
    out.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    out.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    out.putInt(1).putInt(5).putLong(0).putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS);
    out.putLong(size).putLong(size).putLong(0x1000);
    return out.put(code).array();
  }

  private static byte[] amd64() {
    ByteBuffer out = ByteBuffer.allocate(0x68).order(ByteOrder.LITTLE_ENDIAN);
    // 00                                       block:
    put(out, 0xb8, 14, 0, 0, 0); //               mov eax, 14       rt_sigprocmask
    put(out, 0x31, 0xff); //                      xor edi, edi      SIG_BLOCK
    put(out, 0x48, 0x8d, 0x35, 0x52, 0, 0, 0); // lea rsi, signals  0e + 52 = 60
    put(out, 0x31, 0xd2); //                      xor edx, edx      no old mask
    put(out, 0x41, 0xba, 8, 0, 0, 0); //          mov r10d, 8       bytes of a mask
    put(out, 0x0f, 0x05); //                      syscall
    // 18                                       wait:
    put(out, 0xb8, 128, 0, 0, 0); //              mov eax, 128      rt_sigtimedwait
    put(out, 0x48, 0x8d, 0x3d, 0x3c, 0, 0, 0); // lea rdi, signals  24 + 3c = 60
    put(out, 0x31, 0xf6); //                      xor esi, esi      no info
    put(out, 0x31, 0xd2); //                      xor edx, edx      no timeout
    put(out, 0x41, 0xba, 8, 0, 0, 0); //          mov r10d, 8
    put(out, 0x0f, 0x05); //                      syscall
    put(out, 0x83, 0xf8, 17); //                  cmp eax, SIGCHLD
    put(out, 0x74, 0x0d); //                      je reap           35 + 0d = 42
    put(out, 0x85, 0xc0); //                      test eax, eax
    put(out, 0x78, 0xdf); //                      js wait           39 - 21 = 18
    put(out, 0xb8, 231, 0, 0, 0); //              mov eax, 231      exit_group
    put(out, 0x31, 0xff); //                      xor edi, edi      status 0
    put(out, 0x0f, 0x05); //                      syscall
    // 42                                       reap:
    put(out, 0xb8, 61, 0, 0, 0); //               mov eax, 61       wait4
    put(out, 0xbf, 0xff, 0xff, 0xff, 0xff); //    mov edi, -1       any child
    put(out, 0x31, 0xf6); //                      xor esi, esi      no status
    put(out, 0xba, 1, 0, 0, 0); //                mov edx, 1        WNOHANG
    put(out, 0x45, 0x31, 0xd2); //                xor r10d, r10d    no usage
    put(out, 0x0f, 0x05); //                      syscall
    put(out, 0x85, 0xc0); //                      test eax, eax
    put(out, 0x7f, 0xe6); //                      jg reap           5c - 1a = 42
    put(out, 0xeb, 0xba); //                      jmp wait          5e - 46 = 18
    put(out, 0x90, 0x90); //                      (alignment)
    return out.putLong(SIGNALS).array(); // 60  signals:
  }

  private static void put(ByteBuffer out, int... bytes) {
    for (int b : bytes) {
      out.put((byte) b);
    }
  }

  private static byte[] arm64() {
    ByteBuffer out = ByteBuffer.allocate(0x78).order(ByteOrder.LITTLE_ENDIAN);
    // 00                           block:
    out.putInt(movz(8, 135)); //      mov x8, 135          rt_sigprocmask
    out.putInt(movz(0, 0)); //        mov x0, 0            SIG_BLOCK
    out.putInt(adr(1, 0x70 - 0x08)); // adr x1, signals
    out.putInt(movz(2, 0)); //        mov x2, 0            no old mask
    out.putInt(movz(3, 8)); //        mov x3, 8            bytes of a mask
    out.putInt(SVC); //               svc 0
    // 18                           wait:
    out.putInt(movz(8, 137)); //      mov x8, 137          rt_sigtimedwait
    out.putInt(adr(0, 0x70 - 0x1c)); // adr x0, signals
    out.putInt(movz(1, 0)); //        mov x1, 0            no info
    out.putInt(movz(2, 0)); //        mov x2, 0            no timeout
    out.putInt(movz(3, 8)); //        mov x3, 8
    out.putInt(SVC); //               svc 0
    out.putInt(0x7100001f | 17 << 10); // cmp w0, SIGCHLD
    out.putInt(branchIf(EQUAL, 0x48 - 0x34)); // b.eq reap
    out.putInt(0x37f80000 | ((0x18 - 0x38) >> 2 & 0x3fff) << 5); // tbnz w0, 31, wait
    out.putInt(movz(8, 94)); //       mov x8, 94           exit_group
    out.putInt(movz(0, 0)); //        mov x0, 0            status 0
    out.putInt(SVC); //               svc 0
    // 48                           reap:
    out.putInt(movz(8, 260)); //      mov x8, 260          wait4
    out.putInt(0x92800000); //        mov x0, -1           any child
    out.putInt(movz(1, 0)); //        mov x1, 0            no status
    out.putInt(movz(2, 1)); //        mov x2, 1            WNOHANG
    out.putInt(movz(3, 0)); //        mov x3, 0            no usage
    out.putInt(SVC); //               svc 0
    out.putInt(0x7100001f); //        cmp w0, 0
    out.putInt(branchIf(GREATER, 0x48 - 0x64)); // b.gt reap
    out.putInt(0x14000000 | ((0x18 - 0x68) >> 2 & 0x3ffffff)); // b wait
    out.putInt(NOP);
    return out.putLong(SIGNALS).array(); // 70 signals:
  }

  private static final int SVC = 0xd4000001;
  private static final int NOP = 0xd503201f;
  private static final int EQUAL = 0;
  private static final int GREATER = 12;

  private static int movz(int register, int value) {
    return 0xd2800000 | value << 5 | register;
  }

  private static int adr(int register, int distance) {
    return 0x10000000 | (distance & 3) << 29 | (distance >> 2 & 0x7ffff) << 5 | register;
  }

  private static int branchIf(int condition, int distance) {
    return 0x54000000 | (distance >> 2 & 0x7ffff) << 5 | condition;
  }
}
