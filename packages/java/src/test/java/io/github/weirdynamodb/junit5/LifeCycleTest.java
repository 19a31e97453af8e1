// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the extension does around tests. Each test runs the nested classes in an engine. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@ResourceLock(Resources.SYSTEM_ERR)
class LifeCycleTest {
  private static final List<Weir> seen = new ArrayList<>();

  private static EngineExecutionResults run(Class<?>... classes) {
    return run(false, classes);
  }

  private static EngineExecutionResults run(boolean parallel, Class<?>... classes) {
    seen.clear();
    DiscoverySelector[] selectors = new DiscoverySelector[classes.length];
    for (int i = 0; i < classes.length; i++) {
      selectors[i] = selectClass(classes[i]);
    }
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "" + parallel)
        .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
        .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
        .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
        .selectors(selectors)
        .execute();
  }

  @WeirTest
  static class First {
    @Test
    void test(Weir weir) {
      seen.add(weir);
    }
  }

  @WeirTest
  static class Second extends First {}

  @WeirTest(flags = "--simple-streams")
  static class OtherFlags extends First {}

  @Test
  void classesWithTheSameFlagsShareAServerThatEndsWithTheRun() {
    run(First.class, Second.class, OtherFlags.class)
        .testEvents()
        .assertStatistics(count -> count.succeeded(3));
    assertEquals(2, seen.stream().map(Weir::url).distinct().count());
    for (Weir weir : seen) {
      assertThrows(IOException.class, () -> new Socket("127.0.0.1", weir.port()).close());
    }
  }

  // What a user may have set.
  private static final List<String> OF_THE_USER =
      List.of(
          "aws.region",
          "aws.profile",
          "aws.sessionToken",
          "aws.endpointUrl",
          "aws.ignoreConfiguredEndpointUrls",
          "http.nonProxyHosts");

  @WeirTest
  static class Setting {
    @Test
    void test(Weir weir) {
      assertEquals(weir.url(), System.getProperty("aws.endpointUrlDynamoDb"));
      List<String> found = new ArrayList<>();
      OF_THE_USER.forEach(name -> found.add(System.getProperty(name)));
      String direct = "user's http.nonProxyHosts|127.0.0.1";
      assertEquals(Arrays.asList("us-east-1", null, null, null, "false", direct), found);
    }
  }

  @Test
  void systemPropertiesOfTheUserAreTakenAwayAndRestored() {
    OF_THE_USER.forEach(name -> System.setProperty(name, "user's " + name));
    try {
      run(Setting.class).testEvents().assertStatistics(count -> count.succeeded(1));
      OF_THE_USER.forEach(name -> assertEquals("user's " + name, System.getProperty(name)));
      assertNull(System.getProperty("aws.endpointUrlDynamoDb"));
    } finally {
      OF_THE_USER.forEach(System::clearProperty);
    }
  }

  @WeirTest(reset = WeirTest.Reset.BEFORE_CLASS)
  static class OneReset {
    @BeforeAll
    static void createTable() {
      try (DynamoDbClient client = DynamoDbClient.create()) {
        Tables.create(client, "Kept");
      }
    }

    @Test
    void first() {
      expectTheTable();
    }

    @Test
    void second() {
      expectTheTable();
    }

    private static void expectTheTable() {
      try (DynamoDbClient client = DynamoDbClient.create()) {
        assertEquals(List.of("Kept"), client.listTables().tableNames());
      }
    }
  }

  @Test
  void resetCanBeOncePerClass() {
    run(OneReset.class).testEvents().assertStatistics(count -> count.succeeded(2));
  }

  @WeirTest(flags = {"--log-level", "trace"})
  @Timeout(20)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Failing {
    @Test
    @Order(1)
    void succeeds(Weir weir) throws InterruptedException {
      createTable(weir, "Earlier");
    }

    @Test
    @Order(2)
    void fails(Weir weir) throws InterruptedException {
      createTable(weir, "Later");
      fail("on purpose");
    }

    private static void createTable(Weir weir, String name) throws InterruptedException {
      try (DynamoDbClient client = DynamoDbClient.create()) {
        Tables.create(client, name);
      }
      // The server answers before it logs. The time limit interrupts, which only a sleep notices.
      while (!weir.log().contains(":table/" + name + "\"")) {
        Thread.sleep(1);
      }
    }
  }

  @Test
  @Timeout(60)
  void logOfAFailedTestIsOnStandardError() {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      run(Failing.class).testEvents().assertStatistics(count -> count.succeeded(1).failed(1));
    } finally {
      System.setErr(before);
    }
    String log = written.toString(StandardCharsets.UTF_8);
    assertTrue(log.contains("fails(Weir): the log of http://127.0.0.1:"), log);
    assertTrue(log.contains("\"TableName\":\"Later\""), log);
    assertFalse(log.contains("\"TableName\":\"Earlier\""), log);
  }

  static class Overlapping {
    private static final AtomicInteger running = new AtomicInteger();

    @Test
    void one() {
      expectToRunAlone();
    }

    @Test
    void two() {
      expectToRunAlone();
    }

    private static void expectToRunAlone() {
      assertEquals(1, running.incrementAndGet());
      // Long enough for another thread to begin its test, if one may.
      for (long end = System.nanoTime() + 50_000_000; System.nanoTime() < end; ) {
        Thread.onSpinWait();
      }
      running.decrementAndGet();
    }
  }

  @WeirTest
  static class Parallel extends Overlapping {}

  @WeirTest(flags = "--simple-streams")
  static class AlsoParallel extends Overlapping {}

  @Test
  void testsDoNotRunAtTheSameTime() {
    run(true, Parallel.class, AlsoParallel.class)
        .testEvents()
        .assertStatistics(count -> count.succeeded(4));
  }

  @WeirTest(flags = "--no-such-flag")
  static class WrongFlag extends First {}

  @Test
  void serverThatDoesNotStartFailsTheClassWithItsLog() {
    EngineExecutionResults results = run(WrongFlag.class);
    results.containerEvents().assertStatistics(count -> count.failed(1));
    Throwable failure =
        results
            .containerEvents()
            .failed()
            .stream()
            .findFirst()
            .flatMap(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable())
            .orElseThrow();
    String message = failure.getMessage();
    assertTrue(message.contains("--no-such-flag"), message);
    assertTrue(message.contains("it ended before its ready line"), message);
    assertEquals(List.of(), List.of(failure.getSuppressed()), "what came of the failure");
  }
}
