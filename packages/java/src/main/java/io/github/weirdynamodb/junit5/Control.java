// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends requests to the endpoints under {@code /_weir/}, on connections that are kept. The class
 * {@code HttpClient} is not used: before Java 21 it cannot be closed, and has threads until then.
 */
final class Control {
  /** A step of the clock is answered when all that is due by the new time has happened. */
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  // A member whose value is a text, a number or a boolean. Nothing that the control endpoints
  // answer in these has an escape.
  private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\":\\s*\"?([^\",{}\\[\\]]*)");

  private final WeirProcess process;

  Control(WeirProcess process) {
    this.process = process;
  }

  /** Returns the body of the answer to a POST of the JSON {@code body}. */
  String post(String path, String body) {
    return send("POST", path, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the body of the answer to a GET. */
  String get(String path) {
    return send("GET", path, new byte[0]);
  }

  private String send(String method, String path, byte[] body) {
    int status;
    String answer;
    try {
      HttpURLConnection connection = connection(path);
      connection.setRequestMethod(method);
      if (body.length > 0) {
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        try (OutputStream request = connection.getOutputStream()) {
          request.write(body);
        }
      }
      status = connection.getResponseCode();
      answer = read(status < 400 ? connection.getInputStream() : connection.getErrorStream());
    } catch (IOException failure) {
      throw new IllegalStateException(
          method + " " + path + " got no answer (" + failure + "). " + process.state(), failure);
    }
    if (status != 200) {
      throw new IllegalStateException(method + " " + path + ": " + status + " " + answer);
    }
    return answer;
  }

  private HttpURLConnection connection(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create(process.url() + path).toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout((int) DEADLINE.toMillis());
    connection.setReadTimeout((int) DEADLINE.toMillis());
    connection.setUseCaches(false);
    return connection;
  }

  /** Reads to the end, so that the connection can be kept. There is no stream without a body. */
  private static String read(InputStream stream) throws IOException {
    if (stream == null) {
      return "";
    }
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
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
