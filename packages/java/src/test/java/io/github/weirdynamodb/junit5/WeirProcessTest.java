// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How servers start and end. */
@Timeout(60)
class WeirProcessTest {
  private static Path script(Path folder, String commands) throws IOException {
    Path path = folder.resolve("weir");
    Files.writeString(path, "#!/bin/sh\n" + commands + "\n");
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
  }

  private static String failure(Path binary) {
    return assertThrows(
            IllegalStateException.class, () -> WeirProcess.start(binary, List.of()))
        .getMessage();
  }

  @Test
  void processThatEndsIsAnErrorWithItsLog(@TempDir Path folder) throws IOException {
    String message = failure(script(folder, "echo what happened >&2; exit 3"));
    assertTrue(message.contains("it ended before its ready line with exit code 3"), message);
    assertTrue(message.contains("what happened"), message);
  }

  @Test
  void anotherProgramIsAnError(@TempDir Path folder) throws IOException {
    String message = failure(script(folder, "echo hello; exec cat"));
    assertTrue(message.contains("not a ready line: hello"), message);
  }

  @Test
  void settingsOfAnotherServerAreNotHandedOn(@TempDir Path folder) throws IOException {
    assertTrue(System.getenv("WEIR_STREAM_SHARDS") != null, "the pom sets it");
    String message = failure(script(folder, "env >&2"));
    assertTrue(message.contains("PATH="), message);
    assertFalse(message.contains("WEIR_"), message);
  }

  @Test
  void binaryThatIsNamedMustExist(@TempDir Path folder) {
    Map<String, String> environment =
        Map.of("WEIR_BINARY", folder.resolve("weir").toString(), "PATH", System.getenv("PATH"));
    String message =
        assertThrows(IllegalStateException.class, () -> WeirBinary.find(environment)).getMessage();
    assertTrue(message.contains("WEIR_BINARY names no weir binary"), message);
  }

  private static WeirBinary unpack(String cache) {
    assumeTrue(
        WeirBinary.class.getResource("/weir") != null, "only a release has binaries in the jar");
    return WeirBinary.find(Map.of("XDG_CACHE_HOME", cache));
  }

  @Test
  void binaryOfTheJarIsKeptInTheCacheAndReplacedIfDamaged(@TempDir Path cache) throws IOException {
    Path path = unpack(cache.toString()).path();
    byte[] content = Files.readAllBytes(path);
    Files.writeString(path, "damaged");
    try (WeirBinary again = unpack(cache.toString())) {
      assertEquals(path, again.path());
    }
    assertArrayEquals(content, Files.readAllBytes(path));
    assertTrue(Files.isExecutable(path));
  }

  @Test
  void binaryOfTheJarIsTemporaryIfThereIsNoCache() {
    WeirBinary binary = unpack("/dev/null");
    assertTrue(Files.isExecutable(binary.path()));
    binary.close();
    assertFalse(Files.exists(binary.path().getParent()));
  }

  @Test
  void logKeepsItsLast64KiB() {
    LogTail log = new LogTail();
    byte[] kilobyte = "0123456789abcdef".repeat(64).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 65; i++) {
      log.write(kilobyte, kilobyte.length);
    }
    assertEquals(65 * 1024, log.written());
    assertEquals(64 * 1024, log.since(0).length());
    assertEquals("cdef", log.since(65 * 1024 - 4));
  }

  /** The program that is killed: starts a server, says where it is, and waits. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(Weir.start(List.of()).port());
      System.in.read();
    }
  }

  @Test
  void serverEndsWhenItsProgramIsKilled() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
      int port = Integer.parseInt(output.readLine());
      new Socket("127.0.0.1", port).close();
      child.destroyForcibly().waitFor();
      awaitRefusal(port);
    } finally {
      child.destroyForcibly();
    }
  }

  /** Returns when nothing listens at the port any more; the test's time limit bounds it. */
  private static void awaitRefusal(int port) throws InterruptedException {
    while (true) {
      try {
        new Socket("127.0.0.1", port).close();
        Thread.sleep(5);
      } catch (IOException refused) {
        return;
      }
    }
  }
}
