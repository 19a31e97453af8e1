// SPDX-License-Identifier: Apache-2.0
package weir;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What the Java programs share: runs their tests, and checks what a test expects. */
final class Check {
  private Check() {}

  /** A test; it fails if it throws. */
  interface Test {
    void run() throws Exception;
  }

  /** Fails unless the two are equal. */
  static void equal(Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(actual + ", not " + expected);
    }
  }

  /** Returns the exception of this type that the action throws, or fails. */
  static <E extends Exception> E raises(Class<E> type, Test action) throws Exception {
    try {
      action.run();
    } catch (Exception error) {
      if (type.isInstance(error)) {
        return type.cast(error);
      }
      throw error;
    }
    throw new AssertionError(type.getSimpleName() + " was not thrown");
  }

  /** The tests of a program, in their order, by the names that are printed. */
  static final class Tests {
    private final Map<String, Test> tests = new LinkedHashMap<>();

    Tests add(String name, Test test) {
      tests.put(name, test);
      return this;
    }

    /** Prints `passed TEST` or `FAILED TEST: why` for each test, and ends the process. */
    void run() {
      int failed = 0;
      for (Map.Entry<String, Test> test : tests.entrySet()) {
        try {
          test.getValue().run();
          System.out.println("passed " + test.getKey());
        } catch (Exception | AssertionError error) {
          failed++;
          String why = error.toString().replace('\n', ' ');
          System.out.println("FAILED " + test.getKey() + ": " + why);
          error.printStackTrace();
        }
      }
      System.exit(failed == 0 ? 0 : 1);
    }
  }
}
