// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** The binary in the jar, which has to be a file of its own to be started. */
final class PackedBinary {
  private static final Set<PosixFilePermission> FOR_ALL =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FOR_THE_USER =
      PosixFilePermissions.fromString("rwx------");
  private static final String UNPACKING = "unpacking-";
  // No process takes so long to unpack: it was killed.
  private static final Duration LEFT_BEHIND = Duration.ofHours(1);

  private final String resource;
  private final Predicate<Path> canBeStarted;

  /** {@code canBeStarted} is Files::isExecutable, which is false on a file system without exec. */
  PackedBinary(String resource, Predicate<Path> canBeStarted) {
    this.resource = resource;
    this.canBeStarted = canBeStarted;
  }

  /** Unpacks it into the user's cache folder, or if it cannot be started there, a temporary one. */
  WeirBinary unpack(Map<String, String> environment) {
    String hash = hash();
    try {
      return new WeirBinary(unpack(hash, cache(environment).resolve("weir")), false);
    } catch (IOException noCache) {
      try {
        return unpackIntoTemporary(hash);
      } catch (IOException noTemporary) {
        throw new UncheckedIOException(
            "the weir binary can be started neither from the user's cache folder ("
                + noCache
                + ") nor from the temporary folder ("
                + noTemporary
                + "). Name one in the variable WEIR_BINARY",
            noTemporary);
      }
    }
  }

  /**
   * Returns the user's cache folder. A relative one would be in the project: a user without an
   * entry in the system's list has the home folder "?".
   */
  private static Path cache(Map<String, String> environment) throws IOException {
    String named = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path folder =
        named.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(named);
    if (!folder.isAbsolute()) {
      throw new IOException("the cache folder is relative: " + folder);
    }
    return folder;
  }

  /** One folder for all times, so that nothing piles up; or if that is another's, a new one. */
  private WeirBinary unpackIntoTemporary(String hash) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    String user = System.getProperty("user.name").replaceAll("[^\\w.-]", "_");
    Path stable = temporary.resolve("weir-" + user);
    if (belongsToTheUser(stable)) {
      return new WeirBinary(unpack(hash, stable), false);
    }
    Path fresh = Files.createTempDirectory(temporary, "weir-");
    try {
      Path binary = fresh.resolve("weir");
      write(hash, binary);
      return new WeirBinary(binary, true);
    } catch (IOException failure) {
      Files.delete(fresh);
      throw failure;
    }
  }

  /**
   * Makes sure of a folder that only this user can write to. Anyone can make one of that name in
   * the temporary folder, and would else choose the program that is started.
   */
  private static boolean belongsToTheUser(Path folder) {
    FileAttribute<?> permissions = PosixFilePermissions.asFileAttribute(FOR_THE_USER);
    try {
      Files.createDirectory(folder, permissions);
    } catch (FileAlreadyExistsException usual) {
      // By an earlier run.
    } catch (IOException failure) {
      return false;
    }
    try {
      // Java does not tell the user's number, but the system: the owner of this process.
      Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          && user.equals(Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS))
          && FOR_THE_USER.equals(
              Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException failure) {
      return false;
    }
  }

  /** Makes sure that a folder named after the hash, in the cache, has the binary. */
  private Path unpack(String hash, Path cache) throws IOException {
    removeLeftBehind(cache);
    Path folder = cache.resolve(hash);
    Path binary = folder.resolve("weir");
    if (Files.exists(binary) && hash(Files.readAllBytes(binary)).equals(hash)) {
      makeExecutable(binary);
      return binary;
    }
    Files.createDirectories(folder);
    write(hash, binary);
    return binary;
  }

  /** Removes what processes that were killed have left, also those of other versions. */
  private static void removeLeftBehind(Path cache) {
    if (!Files.isDirectory(cache)) {
      return;
    }
    Instant limit = Instant.now().minus(LEFT_BEHIND);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(cache, Files::isDirectory)) {
      for (Path folder : folders) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, UNPACKING + "*")) {
          for (Path file : files) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
              Files.deleteIfExists(file);
            }
          }
        }
      }
    } catch (IOException | DirectoryIteratorException failure) {
      // Another process removes them, too, or else a later one does.
    }
  }

  /** Processes may do this at the same time: each writes a file of its own and renames it. */
  private void write(String hash, Path binary) throws IOException {
    byte[] content;
    try (InputStream packed = PackedBinary.class.getResourceAsStream(resource + ".gz")) {
      content = new GZIPInputStream(packed).readAllBytes();
    }
    if (!hash(content).equals(hash)) {
      throw new IllegalStateException("the weir binary in the jar is damaged");
    }
    Path written = Files.createTempFile(binary.getParent(), UNPACKING, "");
    try {
      Files.write(written, content);
      makeExecutable(written);
      Files.move(written, binary, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private void makeExecutable(Path file) throws IOException {
    if (!canBeStarted.test(file)) {
      Files.setPosixFilePermissions(file, FOR_ALL);
    }
    if (!canBeStarted.test(file)) {
      throw new AccessDeniedException(file.toString(), null, "no program can be started there");
    }
  }

  /** The hash that it must have. */
  private String hash() {
    try (InputStream stream = PackedBinary.class.getResourceAsStream(resource + ".sha256")) {
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII).trim();
    } catch (IOException failure) {
      throw new UncheckedIOException("the jar with the weir binary cannot be read", failure);
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
