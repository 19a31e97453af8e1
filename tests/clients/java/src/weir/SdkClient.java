// SPDX-License-Identifier: Apache-2.0
package weir;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DuplicateItemException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Uses the server through the AWS SDK for Java itself: waiters, paginators, the asynchronous client
 * with many requests at a time, and the client of streams.
 */
final class SdkClient {
  private static final String TABLE = "counters";
  private static final int CONCURRENT = 50;

  private final DynamoDbClient client = DynamoDbClient.create();
  private final DynamoDbStreamsClient streams = DynamoDbStreamsClient.create();
  private String streamArn;

  private static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  private static AttributeValue number(int value) {
    return AttributeValue.fromN(Integer.toString(value));
  }

  private static Map<String, AttributeValue> key(String group, int id) {
    return Map.of("group", text(group), "id", number(id));
  }

  @SuppressWarnings("unchecked") // The SDK takes generic builders as a varying number of arguments.
  private void createTable() throws Exception {
    client.createTable(
        request ->
            request
                .tableName(TABLE)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(
                    part -> part.attributeName("group").keyType(KeyType.HASH),
                    part -> part.attributeName("id").keyType(KeyType.RANGE))
                .attributeDefinitions(
                    made -> made.attributeName("group").attributeType(ScalarAttributeType.S),
                    made -> made.attributeName("id").attributeType(ScalarAttributeType.N))
                .streamSpecification(
                    stream ->
                        stream
                            .streamEnabled(true)
                            .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
    var table =
        client
            .waiter()
            .waitUntilTableExists(request -> request.tableName(TABLE))
            .matched()
            .response()
            .orElseThrow()
            .table();
    Check.equal(table.tableStatus(), TableStatus.ACTIVE);
    streamArn = table.latestStreamArn();
    Check.raises(
        ResourceInUseException.class,
        () ->
            client.createTable(
                request ->
                    request
                        .tableName(TABLE)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .keySchema(part -> part.attributeName("id").keyType(KeyType.HASH))
                        .attributeDefinitions(
                            made ->
                                made.attributeName("id").attributeType(ScalarAttributeType.N))));
  }

  private void concurrentUpdates() {
    try (DynamoDbAsyncClient async = DynamoDbAsyncClient.create()) {
      CompletableFuture<?>[] updates =
          IntStream.range(0, CONCURRENT)
              .mapToObj(
                  ignored ->
                      async.updateItem(
                          request ->
                              request
                                  .tableName(TABLE)
                                  .key(key("a", 1))
                                  .updateExpression("ADD hits :one")
                                  .expressionAttributeValues(Map.of(":one", number(1)))))
              .toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(updates).join();
    }
    var read =
        client.getItem(
            request -> request.tableName(TABLE).key(key("a", 1)).consistentRead(true));
    Check.equal(read.item().get("hits"), number(CONCURRENT));
    Check.equal(client.getItem(r -> r.tableName(TABLE).key(key("a", 2))).hasItem(), false);
  }

  private void asyncError() throws Exception {
    try (DynamoDbAsyncClient async = DynamoDbAsyncClient.create()) {
      CompletionException error =
          Check.raises(
              CompletionException.class,
              () ->
                  async
                      .deleteItem(
                          request ->
                              request
                                  .tableName(TABLE)
                                  .key(key("a", 1))
                                  .conditionExpression("hits = :none")
                                  .expressionAttributeValues(Map.of(":none", number(0))))
                      .join());
      Check.equal(error.getCause().getClass(), ConditionalCheckFailedException.class);
    }
  }

  private void update() {
    var answer =
        client.updateItem(
            request ->
                request
                    .tableName(TABLE)
                    .key(key("b", 1))
                    .updateExpression(
                        "SET titles = list_append(if_not_exists(titles, :none), :title)")
                    .expressionAttributeValues(
                        Map.of(
                            ":none", AttributeValue.fromL(List.of()),
                            ":title", AttributeValue.fromL(List.of(text("first")))))
                    .returnValues(ReturnValue.UPDATED_NEW));
    Check.equal(
        answer.attributes(), Map.of("titles", AttributeValue.fromL(List.of(text("first")))));
  }

  private void pages() {
    for (int id = 0; id < 30; id++) {
      Map<String, AttributeValue> item = key("c", id);
      client.putItem(request -> request.tableName(TABLE).item(item));
    }
    QueryRequest request =
        QueryRequest.builder()
            .tableName(TABLE)
            .keyConditionExpression("#group = :group AND id >= :id")
            .expressionAttributeNames(Map.of("#group", "group"))
            .expressionAttributeValues(Map.of(":group", text("c"), ":id", number(5)))
            .limit(7)
            .build();
    List<AttributeValue> expected = IntStream.range(5, 30).mapToObj(SdkClient::number).toList();
    Check.equal(
        client.queryPaginator(request).items().stream().map(item -> item.get("id")).toList(),
        expected);
    Check.equal(client.queryPaginator(request).stream().count(), 4L);
  }

  private void statements() throws Exception {
    var rows =
        client.executeStatement(
            request ->
                request
                    .statement("SELECT id FROM counters WHERE \"group\" = ? AND id < ?")
                    .parameters(text("c"), number(2)));
    Check.equal(rows.items(), List.of(Map.of("id", number(0)), Map.of("id", number(1))));
    Check.raises(
        DuplicateItemException.class,
        () ->
            client.executeStatement(
                request ->
                    request.statement("INSERT INTO counters VALUE {'group': 'c', 'id': 1}")));
  }

  private void stream() {
    Map<String, AttributeValue> item = key("s", 1);
    client.putItem(request -> request.tableName(TABLE).item(item));
    client.updateItem(
        request ->
            request
                .tableName(TABLE)
                .key(item)
                .updateExpression("SET hits = :hits")
                .expressionAttributeValues(Map.of(":hits", number(2))));
    client.deleteItem(request -> request.tableName(TABLE).key(item));
    List<Record> records = new ArrayList<>();
    var description = streams.describeStream(request -> request.streamArn(streamArn));
    for (Shard shard : description.streamDescription().shards()) {
      String iterator =
          streams
              .getShardIterator(
                  request ->
                      request
                          .streamArn(streamArn)
                          .shardId(shard.shardId())
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      streams.getRecords(request -> request.shardIterator(iterator)).records().stream()
          .filter(record -> record.dynamodb().keys().equals(item))
          .forEach(records::add);
    }
    Check.equal(
        records.stream().map(Record::eventNameAsString).toList(),
        List.of("INSERT", "MODIFY", "REMOVE"));
    Check.equal(records.get(1).dynamodb().newImage().get("hits"), number(2));
    Check.equal(records.get(1).dynamodb().oldImage(), item);
  }

  private void settings() throws Exception {
    client.updateTimeToLive(
        request ->
            request
                .tableName(TABLE)
                .timeToLiveSpecification(made -> made.attributeName("expires").enabled(true)));
    var lifetime = client.describeTimeToLive(request -> request.tableName(TABLE));
    Check.equal(
        lifetime.timeToLiveDescription().timeToLiveStatus(), TimeToLiveStatus.ENABLED);
    DynamoDbException error =
        Check.raises(
            DynamoDbException.class,
            () -> client.putItem(r -> r.tableName(TABLE).item(Map.of("id", number(1)))));
    Check.equal(error.awsErrorDetails().errorCode(), "ValidationException");
    Check.equal(
        error.awsErrorDetails().errorMessage(),
        "One or more parameter values were invalid: Missing the key group in the item");
    Check.equal(error.statusCode(), 400);
    Check.equal(error.requestId().isEmpty(), false);
  }

  private void deleteTable() throws Exception {
    client.deleteTable(request -> request.tableName(TABLE));
    client.waiter().waitUntilTableNotExists(request -> request.tableName(TABLE));
    Check.equal(client.listTables().tableNames(), List.of());
    Check.raises(
        ResourceNotFoundException.class,
        () -> client.getItem(request -> request.tableName(TABLE).key(key("a", 1))));
  }

  public static void main(String[] arguments) {
    SdkClient program = new SdkClient();
    new Check.Tests()
        .add("a table is made, and its waiter ends", program::createTable)
        .add("updates at the same time are all counted", program::concurrentUpdates)
        .add("the asynchronous client has the exception as its cause", program::asyncError)
        .add("an update answers with what it changed", program::update)
        .add("a paginator reads all pages of a query", program::pages)
        .add("PartiQL selects and refuses", program::statements)
        .add("a stream has the records in order", program::stream)
        .add("time to live, and an error with its code and text", program::settings)
        .add("a deleted table is missed, and its waiter ends", program::deleteTable)
        .run();
  }
}
