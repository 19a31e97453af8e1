// SPDX-License-Identifier: Apache-2.0
package weir;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import java.util.Map;

/**
 * A Lambda function as one writes it with AWS's libraries for Java. FunctionClient deploys it. It
 * logs one line for each record, and fails if it gets no records.
 */
public final class EventPrinter implements RequestHandler<DynamodbEvent, Map<String, Object>> {
  @Override
  public Map<String, Object> handleRequest(DynamodbEvent event, Context context) {
    if (event.getRecords() == null) {
      throw new IllegalStateException("no records");
    }
    LambdaLogger logger = context.getLogger();
    for (DynamodbEvent.DynamodbStreamRecord record : event.getRecords()) {
      StreamRecord change = record.getDynamodb();
      logger.log(
          String.format(
              "SEEN %s %s of %s: %s, %s bytes, at %d, from %s\n",
              record.getEventName(),
              change.getKeys().get("name").getS(),
              change.getStreamViewType(),
              change.getNewImage() == null ? "gone" : change.getNewImage().get("size").getN(),
              change.getNewImage() == null
                  ? "no"
                  : change.getNewImage().get("picture").getB().remaining(),
              change.getApproximateCreationDateTime().getTime(),
              record.getEventSourceARN()));
    }
    return Map.of(
        "records", event.getRecords().size(),
        "function", context.getFunctionName(),
        "arn", context.getInvokedFunctionArn(),
        "memory", context.getMemoryLimitInMB(),
        "inTime", context.getRemainingTimeInMillis() > 0);
  }
}
