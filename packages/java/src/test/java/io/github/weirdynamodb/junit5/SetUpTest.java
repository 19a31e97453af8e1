// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Where the annotation may be, and for which instances of a class. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SetUpTest {
  private static EngineExecutionResults run(Class<?> testClass) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass)).execute();
  }

  /** Runs the class's tests, all of which must succeed, and none of which may leave properties. */
  private static void expectToSucceed(int tests, Class<?> testClass) {
    EngineExecutionResults results = run(testClass);
    results.containerEvents().assertStatistics(count -> count.failed(0));
    results.testEvents().assertStatistics(count -> count.started(tests).succeeded(tests));
    assertNull(System.getProperty("aws.endpointUrlDynamoDb"));
  }

  private static Throwable failure(Events events) {
    return events.failed().stream()
        .findFirst()
        .flatMap(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable())
        .orElseThrow();
  }

  @WeirTest
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class OneInstance {
    private final DynamoDbClient client = DynamoDbClient.create();
    private final String url;

    OneInstance(Weir weir) {
      url = weir.url();
    }

    @Test
    void fieldAndConstructorHaveTheServer(Weir weir) {
      assertEquals(weir.url(), url);
      assertEquals(List.of(), client.listTables().tableNames());
      client.close();
    }
  }

  @Test
  void instanceOfAWholeClass() {
    expectToSucceed(1, OneInstance.class);
  }

  @WeirTest(reset = WeirTest.Reset.BEFORE_CLASS)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class TableOfTheInstance {
    private final DynamoDbClient client = DynamoDbClient.create();

    TableOfTheInstance() {
      Tables.create(client, "Kept");
    }

    @Test
    void isKept() {
      assertEquals(List.of("Kept"), client.listTables().tableNames());
      client.close();
    }
  }

  @Test
  void thereIsOneResetBeforeTheInstance() {
    expectToSucceed(1, TableOfTheInstance.class);
  }

  @WeirTest
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class NoInstance {
    NoInstance() {
      throw new IllegalStateException("on purpose");
    }

    @Test
    void neverRuns() {}
  }

  @Test
  void propertiesAreRestoredIfThereIsNoInstance() {
    assertEquals("on purpose", failure(run(NoInstance.class).containerEvents()).getMessage());
    assertNull(System.getProperty("aws.endpointUrlDynamoDb"));
  }

  @WeirTest
  static class Outer {
    private final String url = System.getProperty("aws.endpointUrlDynamoDb");

    @Nested
    @WeirTest(flags = "--simple-streams")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Inner {
      private final String innerUrl = System.getProperty("aws.endpointUrlDynamoDb");

      @Test
      void hasAServerOfItsOwn(Weir weir) {
        assertEquals(weir.url(), innerUrl);
        assertEquals(weir.url(), System.getProperty("aws.endpointUrlDynamoDb"));
      }
    }

    @Nested
    class Plain {
      @Test
      void hasThatOfTheOuterClass(Weir weir) {
        assertEquals(weir.url(), url);
        assertEquals(weir.url(), System.getProperty("aws.endpointUrlDynamoDb"));
      }
    }
  }

  @Test
  void nestedClassWithFlagsOfItsOwn() {
    expectToSucceed(2, Outer.class);
  }

  @WeirTest(flags = {"--stream-shards", "3"})
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @interface WithThreeShards {}

  @WithThreeShards
  static class Composed {
    @Test
    void hasItsFlags(Weir weir) {
      try (DynamoDbClient client = DynamoDbClient.create()) {
        Tables.create(client, "Music");
      }
      assertEquals(3, weir.shards("Music").list().size());
    }
  }

  @Test
  void annotationCanBePartOfAnother() {
    expectToSucceed(1, Composed.class);
  }

  @WeirTest
  interface UsesWeir {}

  static class Implementing implements UsesWeir {
    @Test
    void hasTheServer(Weir weir) {
      assertEquals(weir.url(), System.getProperty("aws.endpointUrlDynamoDb"));
    }
  }

  @Test
  void annotationCanBeOnAnInterface() {
    expectToSucceed(1, Implementing.class);
  }

  static class OnAMethod {
    @Test
    @WithThreeShards
    void test(Weir weir) {
      assertNotEquals(null, weir);
    }
  }

  @Test
  void annotationOfAMethodIsAnErrorThatSaysSo() {
    String message = failure(run(OnAMethod.class).testEvents()).getMessage();
    assertTrue(message.contains("@WeirTest is for classes"), message);
    assertTrue(message.contains(OnAMethod.class.getName()), message);
  }
}
