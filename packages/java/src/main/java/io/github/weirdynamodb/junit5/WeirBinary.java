// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A file to start, which is closed when it has been started. */
final class WeirBinary implements AutoCloseable {
  private final Path path;
  private final boolean temporary;

  WeirBinary(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  Path path() {
    return path;
  }

  /** Removes what is temporary. The system keeps the file of a process that runs. */
  @Override
  public void close() {
    if (temporary) {
      try {
        Files.delete(path);
        Files.delete(path.getParent());
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /**
   * Returns the file that the variable {@code WEIR_BINARY} names, else the binary in this jar, else
   * {@code weir} on the {@code PATH}. A file that is named and is not there is an error.
   */
  static WeirBinary find(Map<String, String> environment) {
    String named = environment.getOrDefault("WEIR_BINARY", "");
    if (!named.isEmpty()) {
      // A name without a slash would be looked for on the PATH when it is started.
      Path path = Path.of(named).toAbsolutePath();
      if (!Files.isRegularFile(path)) {
        throw new IllegalStateException("WEIR_BINARY names no weir binary: no file " + path);
      }
      return new WeirBinary(path, false);
    }
    String resource = resource();
    if (WeirBinary.class.getResource(resource + ".gz") != null) {
      return new PackedBinary(resource, Files::isExecutable).unpack(environment);
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path candidate = Path.of(folder, "weir").toAbsolutePath();
      if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return new WeirBinary(candidate, false);
      }
    }
    throw new IllegalStateException(
        "there is no weir binary: this jar has none for "
            + system()
            + ", and none is on the PATH. Build one (scripts/build release in Weir's source) and"
            + " name it in the variable WEIR_BINARY, or use a released version");
  }

  /** The name in the jar of this system's binary, without the ends of its two files. */
  static String resource() {
    return "/weir/" + system() + "/weir";
  }

  /** This system, as the folders in the jar are named. */
  private static String system() {
    String arch = System.getProperty("os.arch");
    return System.getProperty("os.name").toLowerCase(Locale.ROOT)
        + "-"
        + (arch.equals("amd64") ? "x86_64" : arch);
  }
}
