// SPDX-License-Identifier: Apache-2.0
package weir;

import com.amazonaws.services.dynamodbv2.streamsadapter.AmazonDynamoDBStreamsAdapterClient;
import com.amazonaws.services.dynamodbv2.streamsadapter.StreamsSchedulerFactory;
import com.amazonaws.services.dynamodbv2.streamsadapter.adapter.DynamoDBStreamsClientRecord;
import com.amazonaws.services.dynamodbv2.streamsadapter.model.DynamoDBStreamsProcessRecordsInput;
import com.amazonaws.services.dynamodbv2.streamsadapter.polling.DynamoDBStreamsPollingConfig;
import com.amazonaws.services.dynamodbv2.streamsadapter.processor.DynamoDBStreamsShardRecordProcessor;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.StreamTracker;
import software.amazon.kinesis.retrieval.RetrievalConfig;

/**
 * Reads a stream with the Kinesis Client Library, as its adapter for DynamoDB Streams sets it up,
 * and prints what it is given, in that order: `shard key n number` for each record, where `pk` (S)
 * is the key and `n` (N) counts its writes. Leases are in a table at the same endpoint. Ends when
 * its input does.
 */
public final class StreamPrinter {
  // Shorter than the library's own, which are for shards that live for hours.
  private static final long FAILOVER_MS = 2000;
  private static final long POLL_MS = 500;

  // One for all processors: what is printed first was processed first.
  private static final PrintStream OUT =
      new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), false);

  private StreamPrinter() {}

  public static void main(String[] arguments) throws Exception {
    // The adapter logs each look at the shards here, and nothing else does.
    Logger.getLogger("").setLevel(Level.WARNING);
    String streamArn = arguments[1];
    Scheduler scheduler = newScheduler(URI.create(arguments[0]), streamArn);
    Thread thread = new Thread(scheduler, "scheduler");
    thread.setDaemon(true);
    thread.start();
    while (System.in.read() >= 0) {
      // Nothing is asked of it.
    }
    scheduler.startGracefulShutdown().get(60, TimeUnit.SECONDS);
    System.exit(0);
  }

  private static Scheduler newScheduler(URI endpoint, String streamArn) {
    StaticCredentialsProvider credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
    Region region = Region.of(streamArn.split(":")[3]);
    DynamoDbAsyncClient dynamoDb =
        DynamoDbAsyncClient.builder()
            .endpointOverride(endpoint)
            .region(region)
            .credentialsProvider(credentials)
            .build();
    // Never called at metrics level NONE.
    CloudWatchAsyncClient cloudWatch =
        CloudWatchAsyncClient.builder()
            .endpointOverride(endpoint)
            .region(region)
            .credentialsProvider(credentials)
            .build();
    DynamoDbStreamsClient streams =
        DynamoDbStreamsClient.builder()
            .endpointOverride(endpoint)
            .region(region)
            .credentialsProvider(credentials)
            .build();
    AmazonDynamoDBStreamsAdapterClient adapter =
        new AmazonDynamoDBStreamsAdapterClient(streams, region);
    StreamTracker tracker =
        StreamsSchedulerFactory.createSingleStreamTracker(
            streamArn,
            InitialPositionInStreamExtended.newInitialPosition(
                InitialPositionInStream.TRIM_HORIZON));
    ConfigsBuilder configs =
        new ConfigsBuilder(
            tracker, "kcl-leases", adapter, dynamoDb, cloudWatch, "worker", Processor::new);
    LeaseManagementConfig leases =
        configs
            .leaseManagementConfig()
            .failoverTimeMillis(FAILOVER_MS)
            .leaseAssignmentIntervalMillis(FAILOVER_MS)
            .shardSyncIntervalMillis(FAILOVER_MS)
            // The adapter asks for it: there are no hash ranges to audit.
            .leasesRecoveryAuditorInconsistencyConfidenceThreshold(0);
    leases.workerUtilizationAwareAssignmentConfig().disableWorkerMetrics(true);
    DynamoDBStreamsPollingConfig polling = new DynamoDBStreamsPollingConfig(adapter);
    polling.idleTimeBetweenReadsInMillis(POLL_MS);
    RetrievalConfig retrieval = configs.retrievalConfig();
    retrieval.retrievalSpecificConfig(polling);
    return StreamsSchedulerFactory.createScheduler(
        configs.checkpointConfig(),
        configs
            .coordinatorConfig()
            .parentShardPollIntervalMillis(POLL_MS)
            .skipShardSyncAtWorkerInitializationIfLeasesExist(true),
        leases,
        configs.lifecycleConfig(),
        configs.metricsConfig().metricsLevel(MetricsLevel.NONE),
        configs.processorConfig(),
        retrieval,
        adapter);
  }

  private static final class Processor implements DynamoDBStreamsShardRecordProcessor {
    private String shardId;

    @Override
    public void initialize(InitializationInput input) {
      shardId = input.shardId();
    }

    @Override
    public void processRecords(DynamoDBStreamsProcessRecordsInput input) {
      StringBuilder lines = new StringBuilder();
      for (DynamoDBStreamsClientRecord record : input.records()) {
        StreamRecord data = record.getRecord().dynamodb();
        lines.append(shardId).append(' ').append(data.keys().get("pk").s()).append(' ');
        lines.append(data.newImage().get("n").n()).append(' ');
        lines.append(data.sequenceNumber()).append('\n');
      }
      synchronized (OUT) {
        OUT.print(lines);
        OUT.flush();
      }
      checkpoint(input.checkpointer());
    }

    @Override
    public void leaseLost(LeaseLostInput input) {
      System.err.println("lease of " + shardId + " lost");
    }

    @Override
    public void shardEnded(ShardEndedInput input) {
      checkpoint(input.checkpointer());
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
      checkpoint(input.checkpointer());
    }

    private void checkpoint(RecordProcessorCheckpointer checkpointer) {
      try {
        checkpointer.checkpoint();
      } catch (InvalidStateException | ShutdownException error) {
        System.err.println("no checkpoint of " + shardId + ": " + error);
      }
    }
  }
}
