// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running server. Its standard input is a pipe to which nothing is written: the system closes it
 * when this process ends, in whatever way, and the server then ends, too.
 */
final class WeirProcess {
  private static final Pattern READY = Pattern.compile("weir (\\S+) ready on (http://\\S+:\\d+)");
  private static final Pattern PORT = Pattern.compile("--?port(=.*)?");
  private static final Duration START_DEADLINE = Duration.ofSeconds(30);
  // For the requests that are under way.
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(5);
  // From a connection that breaks off until the system has told that the process has ended.
  private static final Duration END_DEADLINE = Duration.ofSeconds(1);

  private final Process process;
  private final LogTail log = new LogTail();
  private final Thread logReader;
  private String version;
  private String url;

  private WeirProcess(Process process) {
    this.process = process;
    logReader = daemon("weir log", this::readLog);
  }

  /** Starts a server and waits for its ready line. */
  static WeirProcess start(Path binary, List<String> flags) {
    return start(binary, flags, START_DEADLINE);
  }

  static WeirProcess start(Path binary, List<String> flags, Duration deadline) {
    ProcessBuilder builder = new ProcessBuilder(command(binary, flags));
    // These are the settings of somebody's own server.
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    WeirProcess started;
    try {
      started = new WeirProcess(builder.start());
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "weir did not start: "
              + failure.getMessage()
              + ". The variable WEIR_BINARY can name another binary",
          failure);
    }
    try {
      started.awaitReady(deadline);
    } catch (IllegalStateException failure) {
      started.process.toHandle().destroyForcibly();
      started.join(STOP_DEADLINE);
      String log = started.log.since(0);
      throw new IllegalStateException(
          binary + " did not start: " + failure.getMessage() + "; its log:\n" + log);
    }
    return started;
  }

  /** The server takes any free port, unless a flag says which. It takes such a flag only once. */
  private static List<String> command(Path binary, List<String> flags) {
    List<String> command = new ArrayList<>(List.of(binary.toString(), "serve"));
    if (flags.stream().noneMatch(flag -> PORT.matcher(flag).matches())) {
      command.addAll(List.of("--port", "0"));
    }
    command.add("--exit-with-stdin");
    command.addAll(flags);
    return command;
  }

  private void awaitReady(Duration deadline) {
    CompletableFuture<String> firstLine = new CompletableFuture<>();
    daemon("weir output", () -> readOutput(firstLine));
    String line;
    try {
      line = firstLine.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException("no ready line within " + deadline.toMillis() + " ms");
    } catch (ExecutionException failure) {
      throw new IllegalStateException("its output cannot be read", failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted");
    }
    if (line == null) {
      join(STOP_DEADLINE);
      throw new IllegalStateException(
          "it ended before its ready line"
              + (process.isAlive() ? "" : " with exit code " + process.exitValue()));
    }
    Matcher ready = READY.matcher(line);
    if (!ready.matches()) {
      throw new IllegalStateException("not a ready line: " + line);
    }
    version = ready.group(1);
    url = ready.group(2);
  }

  /** Completes {@code firstLine}, with null if there is none, and reads on to the end. */
  private void readOutput(CompletableFuture<String> firstLine) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      firstLine.complete(lines.readLine());
      while (lines.readLine() != null) {
        // Read, so that the server never waits for its reader.
      }
    } catch (IOException failure) {
      firstLine.completeExceptionally(failure);
    }
  }

  private void readLog() {
    byte[] bytes = new byte[8192];
    try (InputStream stderr = process.getErrorStream()) {
      for (int count = stderr.read(bytes); count >= 0; count = stderr.read(bytes)) {
        log.write(bytes, count);
      }
    } catch (IOException closed) {
      // The process was destroyed while its output was being read.
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  String version() {
    return version;
  }

  String url() {
    return url;
  }

  LogTail log() {
    return log;
  }

  long pid() {
    return process.pid();
  }

  /** Says whether the process runs, or how it has ended, for the error of a request. */
  String state() {
    String state = join(END_DEADLINE) ? "has ended with exit code " + process.exitValue() : "runs";
    return "The server " + state + "; its log:\n" + log.since(0);
  }

  /** Ends the server: by SIGTERM, and by SIGKILL after five seconds. */
  void stop() {
    stop(STOP_DEADLINE);
  }

  void stop(Duration deadline) {
    // The handle, here and above, since Process.destroy would also close the pipe of the log.
    process.toHandle().destroy();
    if (!join(deadline)) {
      process.toHandle().destroyForcibly();
      join(STOP_DEADLINE);
    }
  }

  /** Waits until the process has ended and its log has been read; false if that takes too long. */
  private boolean join(Duration deadline) {
    try {
      boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
      if (ended) {
        logReader.join(deadline.toMillis());
      }
      return ended;
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
