// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** What is published has what it needs: of the pom, Maven Central asks for it. */
class PomTest {
  private static final List<String> REQUIRED =
      List.of(
          "name",
          "description",
          "url",
          "licenses/license/name",
          "licenses/license/url",
          "developers/developer/name",
          "developers/developer/organization",
          "developers/developer/organizationUrl",
          "scm/connection",
          "scm/developerConnection",
          "scm/url");

  // Maven's tests have this property; elsewhere, they are run in this folder.
  private static final File FOLDER = new File(System.getProperty("basedir", "."));

  @Test
  void jarHasTheLicense() throws Exception {
    assumeTrue(
        WeirBinary.class.getResource("/weir") != null, "only a release has binaries in the jar");
    // Of this jar's classes: jars of others have a file of this name, too.
    URI classes = WeirBinary.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    assertEquals(
        Files.readString(FOLDER.toPath().resolve("../../LICENSE")),
        Files.readString(Path.of(classes).resolve("META-INF/LICENSE")));
  }

  @Test
  void hasWhatMavenCentralRequires() throws Exception {
    File file = new File(FOLDER, "pom.xml");
    Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file);
    for (String path : REQUIRED) {
      String value = XPathFactory.newInstance().newXPath().evaluate("/project/" + path, pom);
      assertNotEquals("", value.trim(), path);
    }
  }
}
