// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
  private static final int START_SECONDS = 30;
  // For the requests that are under way.
  private static final int STOP_SECONDS = 5;

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
    List<String> command = new ArrayList<>();
    command.addAll(List.of(binary.toString(), "serve", "--port", "0", "--exit-with-stdin"));
    command.addAll(flags);
    ProcessBuilder builder = new ProcessBuilder(command);
    // These are the settings of somebody's own server.
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    WeirProcess started;
    try {
      started = new WeirProcess(builder.start());
    } catch (IOException failure) {
      throw new UncheckedIOException("weir did not start: " + failure.getMessage(), failure);
    }
    try {
      started.awaitReady();
    } catch (IllegalStateException failure) {
      started.process.destroyForcibly();
      started.join();
      String log = started.log.since(0);
      throw new IllegalStateException(
          binary + " did not start: " + failure.getMessage() + "; its log:\n" + log);
    }
    return started;
  }

  private void awaitReady() {
    CompletableFuture<String> firstLine = new CompletableFuture<>();
    daemon("weir output", () -> readOutput(firstLine));
    String line;
    try {
      line = firstLine.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException("no ready line within " + START_SECONDS + " seconds");
    } catch (ExecutionException failure) {
      throw new IllegalStateException("its output cannot be read", failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted");
    }
    if (line == null) {
      join();
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

  /** Ends the server: by SIGTERM, and by SIGKILL after five seconds. */
  void stop() {
    process.destroy();
    if (!join()) {
      process.destroyForcibly();
      join();
    }
  }

  /** Waits until the process has ended and its log has been read; false if that takes too long. */
  private boolean join() {
    try {
      boolean ended = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      logReader.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
      return ended;
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
