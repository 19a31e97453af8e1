// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.net.URI;
import java.util.List;

/**
 * A Weir server that is ready for requests. Safe for use by several threads.
 *
 * <p>Its methods, and those of {@link Clock} and {@link Shards}, throw {@link
 * IllegalStateException} if the server refuses what they ask for or does not answer. If it has
 * ended, the message has its exit code and the end of its log.
 */
public final class Weir {
  private final WeirProcess process;
  private final Control control;

  private Weir(WeirProcess process) {
    this.process = process;
    control = new Control(process);
  }

  /** Starts a server with these flags of {@code weir serve}, which {@link #close} ends. */
  static Weir start(List<String> flags) {
    try (WeirBinary binary = WeirBinary.find(System.getenv())) {
      return new Weir(WeirProcess.start(binary.path(), flags));
    }
  }

  void close() {
    process.stop();
  }

  WeirProcess process() {
    return process;
  }

  /**
   * The endpoint of DynamoDB and of DynamoDB Streams.
   *
   * @return such as {@code http://127.0.0.1:40123}
   */
  public String url() {
    return process.url();
  }

  /**
   * The endpoint, as the method {@code endpointOverride} of the AWS SDK takes it.
   *
   * @return the URI of {@link #url}
   */
  public URI uri() {
    return URI.create(url());
  }

  /**
   * The port of the endpoint.
   *
   * @return from 1 to 65535
   */
  public int port() {
    return uri().getPort();
  }

  /**
   * The id of the server's process.
   *
   * @return as the system counts it
   */
  public long pid() {
    return process.pid();
  }

  /**
   * The version of Weir.
   *
   * @return such as {@code 0.1.0}
   */
  public String version() {
    return process.version();
  }

  /**
   * What the server has logged.
   *
   * @return the last 64 KiB
   */
  public String log() {
    return process.log().since(0);
  }

  /**
   * The server's clock.
   *
   * @return a view, which asks the server
   */
  public Clock clock() {
    return new Clock(control);
  }

  /**
   * The shards of a table's latest stream.
   *
   * @param table the name of the table
   * @return a view, which asks the server
   */
  public Shards shards(String table) {
    return new Shards(control, table);
  }

  /**
   * Restores the state of a fresh start: no tables, streams, backups or held transactions, and the
   * machine's clock.
   */
  public void reset() {
    control.post("/_weir/reset", "{}");
  }
}
