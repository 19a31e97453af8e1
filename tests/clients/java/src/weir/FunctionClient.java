// SPDX-License-Identifier: Apache-2.0
package weir;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.EventSourcePosition;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.lambda.model.State;

/**
 * Deploys EventPrinter, with AWS's libraries for handlers and its client of the Runtime API in the
 * zip, and calls it by itself and through a mapping from a table's stream.
 */
final class FunctionClient {
  private static final String FUNCTION = "event-printer";
  private static final String TABLE = "pictures";
  // The libraries that are in the zip, by the beginnings of their files' names.
  private static final List<String> LIBRARIES = List.of("aws-lambda-java-", "joda-time-");
  private static final long DEADLINE_MS = 60_000;
  private static final long PAUSE_MS = 20;

  private final DynamoDbClient tables = DynamoDbClient.create();
  private final LambdaClient functions = LambdaClient.create();
  private final CloudWatchLogsClient logs = CloudWatchLogsClient.create();
  private String streamArn;
  private String mapping;

  private static byte[] code() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
        Path library = Path.of(element);
        String name = library.getFileName().toString();
        if (LIBRARIES.stream().anyMatch(name::startsWith)) {
          zip.putNextEntry(new ZipEntry("lib/" + name));
          Files.copy(library, zip);
        }
      }
      String name = "weir/EventPrinter.class";
      zip.putNextEntry(new ZipEntry(name));
      try (InputStream code = FunctionClient.class.getResourceAsStream("/" + name)) {
        code.transferTo(zip);
      }
    }
    return bytes.toByteArray();
  }

  private void deploy() throws Exception {
    SdkBytes zip = SdkBytes.fromByteArray(code());
    var created =
        functions.createFunction(
            request ->
                request
                    .functionName(FUNCTION)
                    .runtime(Runtime.JAVA17)
                    .handler("weir.EventPrinter::handleRequest")
                    .role("arn:aws:iam::000000000000:role/functions")
                    .memorySize(512)
                    .timeout(60)
                    .code(code -> code.zipFile(zip)));
    Check.equal(created.state(), State.PENDING);
    var waited =
        functions.waiter().waitUntilFunctionActiveV2(request -> request.functionName(FUNCTION));
    var active = waited.matched().response().orElseThrow().configuration();
    Check.equal(active.codeSha256(), created.codeSha256());
  }

  private InvokeResponse invoke(String event) {
    return functions.invoke(
        request ->
            request
                .functionName(FUNCTION)
                .payload(SdkBytes.fromUtf8String(event))
                .logType(LogType.TAIL));
  }

  private void call() throws Exception {
    InvokeResponse answer = invoke("{\"Records\": []}");
    Check.equal(answer.functionError(), null);
    String text = answer.payload().asUtf8String();
    for (String member :
        List.of(
            "\"records\":0",
            "\"function\":\"event-printer\"",
            "\"arn\":\"arn:aws:lambda:us-east-1:000000000000:function:event-printer\"",
            "\"memory\":512",
            "\"inTime\":true")) {
      Check.equal(text.contains(member) ? member : text, member);
    }
    String tail = new String(Base64.getDecoder().decode(answer.logResult()));
    Check.equal(tail.startsWith("START RequestId: ") && tail.contains("\nREPORT "), true);
  }

  private void fail() throws Exception {
    InvokeResponse answer = invoke("{}");
    Check.equal(answer.functionError(), "Unhandled");
    String text = answer.payload().asUtf8String();
    Check.equal(text.contains("\"errorType\":\"java.lang.IllegalStateException\""), true);
    Check.equal(text.contains("\"errorMessage\":\"no records\""), true);
  }

  @SuppressWarnings("unchecked") // The SDK takes generic builders as a varying number of arguments.
  private void createTable() {
    var created =
        tables.createTable(
            request ->
                request
                    .tableName(TABLE)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(key -> key.attributeName("name").keyType(KeyType.HASH))
                    .attributeDefinitions(
                        name -> name.attributeName("name").attributeType(ScalarAttributeType.S))
                    .streamSpecification(
                        stream ->
                            stream.streamEnabled(true).streamViewType(StreamViewType.NEW_IMAGE)));
    streamArn = created.tableDescription().latestStreamArn();
    tables.waiter().waitUntilTableExists(request -> request.tableName(TABLE));
  }

  /** What the function has logged of records, once that is as many lines. */
  private List<String> seen(int count) throws InterruptedException {
    long end = System.currentTimeMillis() + DEADLINE_MS;
    while (true) {
      var pages =
          logs.filterLogEventsPaginator(
              request -> request.logGroupName("/aws/lambda/" + FUNCTION).filterPattern("SEEN"));
      List<String> lines =
          pages.events().stream()
              .map(FilteredLogEvent::message)
              .map(line -> line.strip().replaceAll("at \\d{13},", "at a time,"))
              .toList();
      if (lines.size() >= count) {
        return lines;
      }
      if (System.currentTimeMillis() > end) {
        throw new AssertionError(lines + " are not " + count + " lines");
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  private void trigger() throws Exception {
    createTable();
    mapping =
        functions
            .createEventSourceMapping(
                request ->
                    request
                        .functionName(FUNCTION)
                        .eventSourceArn(streamArn)
                        .startingPosition(EventSourcePosition.TRIM_HORIZON))
            .uuid();
    AttributeValue name = AttributeValue.fromS("a");
    tables.putItem(
        request ->
            request
                .tableName(TABLE)
                .item(
                    Map.of(
                        "name", name,
                        "size", AttributeValue.fromN("7"),
                        "picture",
                            AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, 1, -1})))));
    tables.deleteItem(request -> request.tableName(TABLE).key(Map.of("name", name)));
    String from = " at a time, from " + streamArn;
    Check.equal(
        seen(2),
        List.of(
            "SEEN INSERT a of NEW_IMAGE: 7, 3 bytes," + from,
            "SEEN REMOVE a of NEW_IMAGE: gone, no bytes," + from));
  }

  private void delete() throws Exception {
    Check.equal(
        functions.deleteEventSourceMapping(request -> request.uuid(mapping)).state(), "Deleting");
    functions.deleteFunction(request -> request.functionName(FUNCTION));
    Check.raises(
        ResourceNotFoundException.class,
        () -> functions.getFunction(request -> request.functionName(FUNCTION)));
  }

  public static void main(String[] arguments) {
    FunctionClient client = new FunctionClient();
    new Check.Tests()
        .add("a handler with AWS's libraries is deployed, and its waiter ends", client::deploy)
        .add("it is called, and the answer has the tail of its log", client::call)
        .add("its exception comes back as AWS's runtime tells it", client::fail)
        .add("a mapping calls it with records that DynamodbEvent reads", client::trigger)
        .add("mapping and function are deleted", client::delete)
        .run();
  }
}
