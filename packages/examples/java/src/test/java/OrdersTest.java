// SPDX-License-Identifier: Apache-2.0
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.weirdynamodb.junit5.Weir;
import io.github.weirdynamodb.junit5.WeirTest;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.*;

@WeirTest
class OrdersTest {
  private final DynamoDbClient client = DynamoDbClient.create();

  @Test
  void anOrderIsKept(Weir weir) {
    client.createTable(table -> table.tableName("Orders")
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .keySchema(key -> key.attributeName("Id").keyType(KeyType.HASH))
        .attributeDefinitions(key -> key.attributeName("Id").attributeType(ScalarAttributeType.S)));
    client.putItem(put -> put.tableName("Orders").item(java.util.Map.of("Id", AttributeValue.fromS("first"))));
    assertEquals(1, client.scan(scan -> scan.tableName("Orders")).count(), weir.url());
  }
}
