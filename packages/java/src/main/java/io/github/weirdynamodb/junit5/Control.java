// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends requests to the endpoints under {@code /_weir/}, on connections that are kept. */
final class Control {
  /** A step of the clock is answered when all that is due by the new time has happened. */
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  // A member whose value is a text, a number or a boolean. Nothing that the control endpoints
  // answer in these has an escape.
  private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\":\\s*\"?([^\",{}\\[\\]]*)");

  private final String endpoint;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(ProxySelector.of(null))
          .build();

  Control(String endpoint) {
    this.endpoint = endpoint;
  }

  /** Returns the body of the answer to a POST of the JSON {@code body}. */
  String post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)).build());
  }

  /** Returns the body of the answer to a GET. */
  String get(String path) {
    return send(request(path).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(DEADLINE);
  }

  private String send(HttpRequest request) {
    HttpResponse<String> response;
    try {
      response = http.send(request, BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new IllegalStateException(request + ": no answer", failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(request + ": interrupted", interruption);
    }
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          request + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  /** The members of a JSON object that contains no other. */
  static Map<String, String> members(String object) {
    Map<String, String> members = new HashMap<>();
    for (Matcher member = MEMBER.matcher(object); member.find(); ) {
      members.put(member.group(1), member.group(2));
    }
    return members;
  }

  /** The text as JSON. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
