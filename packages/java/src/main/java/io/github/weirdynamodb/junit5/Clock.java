// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.time.Duration;
import java.time.Instant;

/**
 * The server's clock, which all that takes time follows: the retention of streams, iterators that
 * expire, items that time to live deletes. The methods return the time that it shows then, to the
 * microsecond, when all that is due by that time has happened.
 */
public final class Clock {
  private static final String PATH = "/_weir/clock";

  private final Control control;

  Clock(Control control) {
    this.control = control;
  }

  /**
   * Reads the clock.
   *
   * @return the time
   */
  public Instant now() {
    return time(control.get(PATH));
  }

  /**
   * Stops the clock.
   *
   * @return the time
   */
  public Instant freeze() {
    return change("{\"freeze\": true}");
  }

  /**
   * Stops the clock and moves it to a time.
   *
   * @param to not before the clock's time
   * @return the time
   */
  public Instant freezeAt(Instant to) {
    return change("{\"freeze\": true, \"set\": \"" + to + "\"}");
  }

  /**
   * Moves the clock forward.
   *
   * @param by at most 100 years
   * @return the time
   */
  public Instant advance(Duration by) {
    return change(
        String.format("{\"advance\": %d.%06d}", by.getSeconds(), by.getNano() / 1000));
  }

  /**
   * Moves the clock to a time.
   *
   * @param to not before the clock's time
   * @return the time
   */
  public Instant set(Instant to) {
    return change("{\"set\": \"" + to + "\"}");
  }

  /**
   * Lets the clock run on from the time that it shows.
   *
   * @return the time
   */
  public Instant resume() {
    return change("{\"resume\": true}");
  }

  private Instant change(String body) {
    return time(control.post(PATH, body));
  }

  private static Instant time(String answer) {
    return Instant.parse(Control.members(answer).get("now"));
  }
}
