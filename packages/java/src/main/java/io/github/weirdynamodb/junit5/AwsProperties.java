// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The system properties by which the AWS SDK for Java 2 finds a server. It reads them before the
 * variables of the environment, which a Java program cannot change.
 */
final class AwsProperties {
  /** Of the user, and of no use to a server that takes any key: they lead elsewhere. */
  static final List<String> REMOVED =
      List.of("aws.profile", "aws.sessionToken", "aws.endpointUrl");

  // With null for what was not set.
  private final Map<String, String> before;

  private AwsProperties(Map<String, String> before) {
    this.before = before;
  }

  /** Sets them for the server at {@code url}. */
  static AwsProperties set(String url) {
    Map<String, String> properties =
        Map.of(
            "aws.endpointUrlDynamoDb", url,
            "aws.endpointUrlDynamoDbStreams", url,
            "aws.endpointUrlSts", url,
            // Set, not taken away: the SDK would look into the environment and the profile next.
            "aws.ignoreConfiguredEndpointUrls", "false",
            "http.nonProxyHosts", directHosts(URI.create(url).getHost()),
            "aws.accessKeyId", "local",
            "aws.secretAccessKey", "local",
            "aws.region", "us-east-1");
    Map<String, String> before = new HashMap<>();
    for (Collection<String> names : List.of(properties.keySet(), REMOVED)) {
      names.forEach(name -> before.put(name, System.getProperty(name)));
    }
    REMOVED.forEach(System::clearProperty);
    properties.forEach(System::setProperty);
    return new AwsProperties(before);
  }

  /**
   * The hosts that are reached without a proxy, and this one. The default is Java's, since the SDK
   * has none. It follows the property also if the variable http_proxy names the proxy.
   */
  private static String directHosts(String host) {
    return System.getProperty("http.nonProxyHosts", "localhost|127.*|[::1]") + "|" + host;
  }

  /** Sets them as they were. */
  void restore() {
    before.forEach(
        (name, value) -> {
          if (value == null) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
  }
}
