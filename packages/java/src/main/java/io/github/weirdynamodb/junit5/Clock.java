// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

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
   * Tells whether the clock stands still.
   *
   * @return whether it was stopped and has not been resumed
   */
  public boolean isFrozen() {
    return Boolean.parseBoolean(Control.members(control.get(PATH)).get("frozen"));
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
   * @param to not before the clock's time; what is below a microsecond is cut off
   * @return the time
   */
  public Instant freezeAt(Instant to) {
    return change("{\"freeze\": true, \"set\": " + quote(to) + "}");
  }

  /**
   * Moves the clock forward.
   *
   * @param by at most 100 years; what is below a microsecond is cut off
   * @return the time
   */
  public Instant advance(Duration by) {
    // Some locales have digits of their own, which JSON does not know.
    return change(
        String.format(
            Locale.ROOT, "{\"advance\": %d.%06d}", by.getSeconds(), by.getNano() / 1000));
  }

  /**
   * Moves the clock to a time.
   *
   * @param to not before the clock's time; what is below a microsecond is cut off
   * @return the time
   */
  public Instant set(Instant to) {
    return change("{\"set\": " + quote(to) + "}");
  }

  /**
   * Lets the clock run on from the time that it shows.
   *
   * @return the time
   */
  public Instant resume() {
    return change("{\"resume\": true}");
  }

  /** The time as JSON, as precise as the server takes it. */
  private static String quote(Instant time) {
    return Control.quote(time.truncatedTo(ChronoUnit.MICROS).toString());
  }

  private Instant change(String body) {
    return time(control.post(PATH, body));
  }

  private static Instant time(String answer) {
    return Instant.parse(Control.members(answer).get("now"));
  }
}
