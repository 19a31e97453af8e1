// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Which binary is started, and where that of the jar is unpacked. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class BinaryTest {
  private final Properties properties = (Properties) System.getProperties().clone();
  private Path cache;
  private Path temporary;
  private Path stable;

  @BeforeEach
  void setTemporaryFolder(@TempDir Path folder) throws IOException {
    cache = folder.resolve("cache");
    temporary = Files.createDirectory(folder.resolve("temporary"));
    stable = temporary.resolve("weir-someone_");
    System.setProperty("java.io.tmpdir", temporary.toString());
    System.setProperty("user.name", "someone/");
  }

  @AfterEach
  void restore() {
    System.setProperties(properties);
  }

  @Test
  void fileThatIsNamedMustExist() {
    Map<String, String> environment =
        Map.of("WEIR_BINARY", cache.toString(), "PATH", System.getenv("PATH"));
    String message =
        assertThrows(IllegalStateException.class, () -> WeirBinary.find(environment)).getMessage();
    assertTrue(message.contains("WEIR_BINARY names no weir binary"), message);
  }

  @Test
  void fileThatIsNamedMayBeRelative() throws IOException {
    Path file = Files.createFile(temporary.resolve("weir"));
    String relative = Path.of("").toAbsolutePath().relativize(file).toString();
    Path found = WeirBinary.find(Map.of("WEIR_BINARY", relative)).path();
    assertTrue(found.isAbsolute(), found.toString());
    assertTrue(Files.isSameFile(file, found));
  }

  private static WeirBinary unpack(Map<String, String> environment) {
    assumeTrue(
        WeirBinary.class.getResource("/weir") != null, "only a release has binaries in the jar");
    WeirBinary binary = WeirBinary.find(environment);
    assertTrue(Files.isExecutable(binary.path()), binary.path().toString());
    return binary;
  }

  private Path unpackIntoCache() {
    Path path = unpack(Map.of("XDG_CACHE_HOME", cache.toString())).path();
    assertTrue(path.startsWith(cache), path.toString());
    return path;
  }

  private void expectTheStableFolder(WeirBinary binary) {
    assertEquals(stable, binary.path().getParent().getParent());
    binary.close();
    assertTrue(Files.exists(binary.path()), "it is not removed");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toList());
    }
  }

  @Test
  void fileInTheCacheIsReplacedIfDamaged() throws IOException {
    Path path = unpackIntoCache();
    byte[] content = Files.readAllBytes(path);
    Files.writeString(path, "damaged");
    assertEquals(path, unpackIntoCache());
    assertArrayEquals(content, Files.readAllBytes(path));
    assertEquals(List.of(), names(temporary));
  }

  @Test
  void fileInTheCacheGetsItsLostPermission() throws IOException {
    Path path = unpackIntoCache();
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(path, unpackIntoCache());
  }

  @Test
  void folderIsTemporaryIfThereIsNoCache() throws IOException {
    Map<String, String> environment = Map.of("XDG_CACHE_HOME", "/dev/null");
    expectTheStableFolder(unpack(environment));
    assertEquals(
        PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(stable));
    expectTheStableFolder(unpack(environment));
    assertEquals(List.of("weir-someone_"), names(temporary), "one folder for all times");
  }

  @Test
  void folderIsTemporaryIfTheCacheWouldBeRelative() {
    expectTheStableFolder(unpack(Map.of("XDG_CACHE_HOME", "../../build/java/relative")));
    System.setProperty("user.home", "?");
    expectTheStableFolder(unpack(Map.of()));
  }

  /** The folder of the user's name is no good: it is neither used nor changed. */
  private void expectAnotherFolder() throws IOException {
    WeirBinary binary = unpack(Map.of("XDG_CACHE_HOME", "/dev/null"));
    Path folder = binary.path().getParent();
    assertEquals(temporary, folder.getParent());
    assertNotEquals(stable, folder);
    binary.close();
    assertFalse(Files.exists(folder));
    assertEquals(List.of(), names(stable));
  }

  @Test
  void temporaryFolderThatOthersCanWriteToIsNotUsed() throws IOException {
    Files.createDirectory(stable);
    Files.setPosixFilePermissions(stable, PosixFilePermissions.fromString("rwxrwxrwx"));
    expectAnotherFolder();
  }

  @Test
  void temporaryFolderThatIsALinkIsNotUsed() throws IOException {
    Files.createSymbolicLink(stable, Files.createTempDirectory(temporary, "target-"));
    expectAnotherFolder();
  }

  @Test
  void temporaryFolderOfAnotherUserIsNotUsed() throws IOException {
    Files.createDirectory(
        stable,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Integer root = 0;
    assumeTrue(
        root.equals(Files.getAttribute(stable, "unix:uid")), "only root can give a folder away");
    Files.setAttribute(stable, "unix:uid", 12345);
    expectAnotherFolder();
  }

  private WeirBinary unpackIf(Predicate<Path> canBeStarted) {
    assumeTrue(
        WeirBinary.class.getResource("/weir") != null, "only a release has binaries in the jar");
    return new PackedBinary(WeirBinary.resource(), canBeStarted)
        .unpack(Map.of("XDG_CACHE_HOME", cache.toString()));
  }

  @Test
  void folderIsTemporaryIfNothingCanBeStartedInTheCache() throws IOException {
    expectTheStableFolder(unpackIf(path -> !path.startsWith(cache)));
    Path kept = unpackIntoCache();
    expectTheStableFolder(unpackIf(path -> !path.startsWith(cache)));
    assertEquals(List.of("weir"), names(kept.getParent()));
  }

  @Test
  void errorNamesTheWayOutIfNothingCanBeStartedAnywhere() throws IOException {
    String message =
        assertThrows(UncheckedIOException.class, () -> unpackIf(path -> false)).getMessage();
    assertTrue(message.contains("WEIR_BINARY"), message);
    assertTrue(message.contains(cache.toString()), message);
    assertTrue(message.contains(stable.toString()), message);
    Files.setPosixFilePermissions(stable, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThrows(UncheckedIOException.class, () -> unpackIf(path -> false));
    assertEquals(List.of("weir-someone_"), names(temporary), "nothing is left");
  }

  @Test
  void filesOfProcessesThatWereKilledAreRemovedAfterAnHour() throws IOException {
    Path folder = unpackIntoCache().getParent();
    Path ofAnotherVersion = Files.createDirectory(folder.resolveSibling("other"));
    for (Path place : List.of(folder, ofAnotherVersion)) {
      Files.createFile(place.resolve("unpacking-now"));
      Path old = Files.createFile(place.resolve("unpacking-old"));
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
    }
    unpackIntoCache();
    assertEquals(List.of("unpacking-now"), names(ofAnotherVersion));
    assertFalse(Files.exists(folder.resolve("unpacking-old")));
    assertTrue(Files.exists(folder.resolve("unpacking-now")));
  }
}
