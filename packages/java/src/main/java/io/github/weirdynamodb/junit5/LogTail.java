// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keeps the last 64 KiB that are written to it. Safe for use by several threads. */
final class LogTail {
  private static final int LIMIT = 64 * 1024;

  private byte[] text = new byte[0];
  // How many bytes were written before the text.
  private long dropped;

  synchronized void write(byte[] bytes, int count) {
    byte[] all = Arrays.copyOf(text, text.length + count);
    System.arraycopy(bytes, 0, all, text.length, count);
    int excess = Math.max(0, all.length - LIMIT);
    text = Arrays.copyOfRange(all, excess, all.length);
    dropped += excess;
  }

  /** How many bytes have been written so far. */
  synchronized long written() {
    return dropped + text.length;
  }

  /** What was written after the first {@code begin} bytes and is still kept. */
  synchronized String since(long begin) {
    int from = (int) Math.max(0, begin - dropped);
    return new String(text, from, text.length - from, StandardCharsets.UTF_8);
  }
}
