// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** A file to start, which is closed when it has been started. */
final class WeirBinary implements AutoCloseable {
  private final Path path;
  private final boolean temporary;

  private WeirBinary(Path path, boolean temporary) {
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
      if (!Files.exists(Path.of(named))) {
        throw new IllegalStateException("WEIR_BINARY names no weir binary: no file " + named);
      }
      return new WeirBinary(Path.of(named), false);
    }
    String resource = "/weir/" + system() + "/weir";
    if (WeirBinary.class.getResource(resource + ".gz") != null) {
      return unpack(resource, environment);
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path candidate = Path.of(folder, "weir");
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

  /** This system, as the folders in the jar are named. */
  private static String system() {
    String arch = System.getProperty("os.arch");
    return System.getProperty("os.name").toLowerCase(Locale.ROOT)
        + "-"
        + (arch.equals("amd64") ? "x86_64" : arch);
  }

  /** Unpacks the binary into the user's cache folder, or if that fails, into a temporary one. */
  private static WeirBinary unpack(String resource, Map<String, String> environment) {
    try {
      String hash = new String(read(resource + ".sha256"), StandardCharsets.US_ASCII).trim();
      String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
      Path folder =
          cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
      try {
        return new WeirBinary(unpack(resource, hash, folder.resolve("weir").resolve(hash)), false);
      } catch (IOException noCache) {
        return new WeirBinary(unpack(resource, hash, Files.createTempDirectory("weir-")), true);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("the weir binary cannot be unpacked", failure);
    }
  }

  /**
   * Makes sure that the folder has the binary. Processes may do this at the same time: each writes
   * a file of its own and renames it.
   */
  private static Path unpack(String resource, String hash, Path folder) throws IOException {
    Path binary = folder.resolve("weir");
    if (Files.exists(binary) && hash(Files.readAllBytes(binary)).equals(hash)) {
      return binary;
    }
    byte[] content;
    try (InputStream packed = WeirBinary.class.getResourceAsStream(resource + ".gz")) {
      content = new GZIPInputStream(packed).readAllBytes();
    }
    if (!hash(content).equals(hash)) {
      throw new IllegalStateException("the weir binary in the jar is damaged");
    }
    Files.createDirectories(folder);
    Path written = Files.createTempFile(folder, "unpacking-", "");
    try {
      Files.write(written, content);
      Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(written, binary, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
    return binary;
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream stream = WeirBinary.class.getResourceAsStream(resource)) {
      return stream.readAllBytes();
    }
  }

  private static String hash(byte[] content) {
    try {
      StringBuilder hex = new StringBuilder();
      for (byte b : MessageDigest.getInstance("SHA-256").digest(content)) {
        hex.append(String.format("%02x", b));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("each Java has SHA-256", impossible);
    }
  }
}
