// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** What a test with the annotation has, seen through the AWS SDK. */
@WeirTest(flags = {"--stream-shards", "1"})
class WeirTestTest {
  @Test
  void sdkFindsTheServerWithoutAnySettings(Weir weir) {
    try (DynamoDbClient client = DynamoDbClient.create();
        DynamoDbStreamsClient streams = DynamoDbStreamsClient.create()) {
      Tables.create(client, "Orders");
      client.putItem(put -> put.tableName("Orders").item(Map.of("pk", Tables.text("1"))));
      assertEquals("Orders", streams.listStreams().streams().get(0).tableName());
    }
    assertEquals("http://127.0.0.1:" + weir.port(), weir.url());
    assertEquals(weir.url(), weir.uri().toString());
  }

  @Test
  void sdkFindsTheServerBesideAProxy() {
    assertTrue(System.getenv("http_proxy") != null, "the pom sets it");
    try (DynamoDbClient client = DynamoDbClient.create();
        DynamoDbAsyncClient async = DynamoDbAsyncClient.create()) {
      assertEquals(List.of(), client.listTables().tableNames());
      assertEquals(List.of(), async.listTables().join().tableNames());
    }
  }

  @RepeatedTest(2)
  void eachTestHasAnEmptyServer() {
    try (DynamoDbClient client = DynamoDbClient.create()) {
      assertEquals(List.of(), client.listTables().tableNames());
      Tables.create(client, "Orders");
    }
  }

  @Test
  void clock(Weir weir) {
    Clock clock = weir.clock();
    Instant noon = Instant.parse("2040-01-31T12:00:00.123456Z");
    Instant later = noon.plus(Duration.ofHours(36)).plusNanos(1000);
    assertFalse(clock.isFrozen());
    // The server takes no more than microseconds, and an Instant may have nanoseconds.
    assertEquals(noon, clock.freezeAt(noon.plusNanos(789)));
    assertTrue(clock.isFrozen());
    assertEquals(later, clock.advance(Duration.ofHours(36).plusNanos(1000)));
    assertEquals(later, clock.now());
    assertEquals(later.plusSeconds(1), clock.set(later.plusSeconds(1).plusNanos(1)));
    assertEquals(later.plusSeconds(1), clock.freeze());
    assertFalse(clock.resume().isBefore(later.plusSeconds(1)));
    assertThrows(IllegalStateException.class, () -> clock.set(noon));
    weir.reset();
    assertTrue(clock.now().isBefore(noon));
  }

  @Test
  void clockAdvancesInALocaleWithDigitsOfItsOwn(Weir weir) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertNotEquals("1", String.format("%d", 1), "the locale has no digits of its own");
      Instant start = weir.clock().freeze();
      assertEquals(start.plusMillis(1500), weir.clock().advance(Duration.ofMillis(1500)));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void shards(Weir weir) {
    try (DynamoDbClient client = DynamoDbClient.create()) {
      Tables.create(client, "Music");
    }
    Shards shards = weir.shards("Music");
    Shard root = shards.list().get(0);
    assertEquals("OPEN", states(shards));
    shards.split(root.id());
    assertEquals("CLOSED OPEN OPEN", states(shards));
    Shard child = shards.list().get(1);
    assertEquals(root.id(), child.parentId().orElseThrow());
    assertTrue(shards.list().get(0).endingSequenceNumber().isPresent());
    shards.rotate(child.id());
    assertEquals(2, count(shards, "OPEN"));
    shards.set(5);
    assertEquals(5, count(shards, "OPEN"));
    shards.close();
    assertEquals(5, count(shards, "VACANT"));
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> weir.shards("a \"b\"").split());
    assertTrue(refusal.getMessage().contains("ResourceNotFoundException"), refusal.getMessage());
  }

  private static String states(Shards shards) {
    return shards.list().stream().map(Shard::state).collect(Collectors.joining(" "));
  }

  private static long count(Shards shards, String state) {
    return shards.list().stream().filter(shard -> shard.state().equals(state)).count();
  }

  @Nested
  class InAnInnerClass {
    @Test
    void theServerIsTheSame(Weir weir) {
      assertEquals(System.getProperty("aws.endpointUrlDynamoDb"), weir.url());
    }
  }
}
