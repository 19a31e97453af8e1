// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  void fileThatIsNoProgramIsAnErrorThatNamesTheWayOut(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("weir"), "");
    String message =
        assertThrows(UncheckedIOException.class, () -> WeirProcess.start(file, List.of()))
            .getMessage();
    assertTrue(message.contains(file.toString()), message);
    assertTrue(message.contains("WEIR_BINARY"), message);
  }

  @Test
  void anotherProgramIsAnError(@TempDir Path folder) throws IOException {
    String message = failure(script(folder, "echo hello; exec cat"));
    assertTrue(message.contains("not a ready line: hello"), message);
  }

  @Test
  void silentProgramIsAnErrorWithItsLogAndEnds(@TempDir Path folder) throws IOException {
    Path binary = script(folder, "echo pid $$ >&2; exec sleep 600");
    String message =
        assertThrows(
                IllegalStateException.class,
                () -> WeirProcess.start(binary, List.of(), Duration.ofMillis(300)))
            .getMessage();
    assertTrue(message.contains("no ready line within 300 ms"), message);
    Matcher pid = Pattern.compile("pid (\\d+)").matcher(message);
    assertTrue(pid.find(), message);
    assertFalse(runs(Long.parseLong(pid.group(1))));
  }

  @Test
  void errorHasTheEndOfALongLog(@TempDir Path folder) throws IOException {
    String message =
        failure(script(folder, "seq -f 'line %06.0f' 20000 >&2; echo 'the last' >&2; exit 3"));
    assertTrue(message.endsWith("line 020000\nthe last\n"), message);
    assertFalse(message.contains("line 000001"), message);
    assertTrue(message.length() < 66 * 1024, "the length is " + message.length());
  }

  /** Not a server, but it says that it is ready. */
  private static String ready(String commands) {
    return "echo weir 0 ready on http://127.0.0.1:9; " + commands;
  }

  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void serverThatIgnoresSigtermIsKilledWhenTheDeadlineIsOver(@TempDir Path folder)
      throws IOException {
    Path binary = script(folder, "trap '' TERM; " + ready("exec sleep 600"));
    WeirProcess process = WeirProcess.start(binary, List.of());
    assertTrue(runs(process.pid()));
    long begin = System.nanoTime();
    process.stop(Duration.ofSeconds(2));
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    assertFalse(runs(process.pid()));
    // SIGKILL is 9, and Java adds 128.
    assertTrue(process.state().contains("has ended with exit code 137"), process.state());
    assertTrue(2000 <= took && took < 3900, "it took " + took + " ms");
  }

  @Test
  void serverIsEndedBySigterm(@TempDir Path folder) throws IOException {
    WeirProcess process = WeirProcess.start(script(folder, ready("exec sleep 600")), List.of());
    process.stop();
    assertTrue(process.state().contains("has ended with exit code 143"), process.state());
  }

  @Test
  void logHasWhatTheServerSaysAtItsEnd(@TempDir Path folder) throws IOException {
    String end = "trap 'sleep 0.1; echo the end >&2; exit 0' TERM; ";
    WeirProcess process =
        WeirProcess.start(
            script(folder, end + ready("while true; do sleep 0.01; done")), List.of());
    process.stop();
    assertEquals("the end\n", process.log().since(0));
  }

  private static String command(Path folder, String... flags) throws IOException {
    WeirProcess process =
        WeirProcess.start(script(folder, "echo \"$@\" >&2; " + ready("exit 0")), List.of(flags));
    process.stop();
    return process.log().since(0).trim();
  }

  @Test
  void portIsAnyFreeOneUnlessAFlagNamesIt(@TempDir Path folder) throws IOException {
    assertEquals("serve --port 0 --exit-with-stdin", command(folder));
    assertEquals(
        "serve --port 0 --exit-with-stdin --portable", command(folder, "--portable"));
    assertEquals("serve --exit-with-stdin --port 1", command(folder, "--port", "1"));
    assertEquals("serve --exit-with-stdin --port=1", command(folder, "--port=1"));
    assertEquals("serve --exit-with-stdin -port 1", command(folder, "-port", "1"));
  }

  @Test
  void portOfAFlag() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Weir weir = Weir.start(List.of("--port", "" + port));
    try {
      assertEquals(port, weir.port());
    } finally {
      weir.close();
    }
  }

  @Test
  void errorOfARequestSaysThatTheServerHasEnded() {
    Weir weir = Weir.start(List.of("--log-level", "trace"));
    weir.reset();
    ProcessHandle handle = ProcessHandle.of(weir.pid()).orElseThrow();
    assertTrue(handle.destroyForcibly());
    handle.onExit().join();
    String message = assertThrows(IllegalStateException.class, weir::reset).getMessage();
    assertTrue(message.contains("The server has ended with exit code 137"), message);
    assertTrue(message.contains("POST /_weir/reset"), message);
    assertTrue(message.endsWith("; its log:\n" + weir.log()), message);
    assertNotEquals("", weir.log());
    weir.close();
  }

  @Test
  void errorOfARequestSaysThatTheServerRuns(@TempDir Path folder) throws IOException {
    WeirProcess process = WeirProcess.start(script(folder, ready("exec sleep 600")), List.of());
    try {
      String message =
          assertThrows(
                  IllegalStateException.class, () -> new Control(process).get("/_weir/clock"))
              .getMessage();
      assertTrue(message.contains("GET /_weir/clock got no answer"), message);
      assertTrue(message.contains("The server runs"), message);
    } finally {
      process.stop();
    }
  }

  @Test
  void stoppedServerLeavesNoThreads() throws InterruptedException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Weir weir = Weir.start(List.of());
    weir.reset();
    weir.close();
    // Java's own: one for all connections that are kept, and the one that waits for processes.
    Pattern shared = Pattern.compile("Keep-Alive-Timer|process reaper.*");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && !shared.matcher(thread.getName()).matches()) {
        thread.join(5000);
        assertFalse(thread.isAlive(), thread.getName());
      }
    }
  }

  @Test
  void settingsOfAnotherServerAreNotHandedOn(@TempDir Path folder) throws IOException {
    assertTrue(System.getenv("WEIR_STREAM_SHARDS") != null, "the pom sets it");
    String message = failure(script(folder, "env >&2"));
    assertTrue(message.contains("PATH="), message);
    assertFalse(message.contains("WEIR_"), message);
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
