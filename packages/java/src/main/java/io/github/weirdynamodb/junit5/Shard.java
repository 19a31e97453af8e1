// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.util.Map;
import java.util.Optional;

/** A shard of a stream, as it was when it was listed. */
public final class Shard {
  private final Map<String, String> members;

  Shard(Map<String, String> members) {
    this.members = members;
  }

  /**
   * The shard's id.
   *
   * @return such as {@code shardId-00000001896177615035-3d573855}
   */
  public String id() {
    return members.get("ShardId");
  }

  /**
   * The id of the shard that this one follows.
   *
   * @return empty for the first shards of a stream
   */
  public Optional<String> parentId() {
    return Optional.ofNullable(members.get("ParentShardId"));
  }

  /**
   * Whether records can be added.
   *
   * @return {@code OPEN}, {@code CLOSED}, or {@code VACANT}: closed, with a child that opens with
   *     the next record
   */
  public String state() {
    return members.get("State");
  }

  /**
   * The lowest hash of the keys whose records the shard has.
   *
   * @return 16 hexadecimal digits
   */
  public String firstHash() {
    return members.get("FirstHash");
  }

  /**
   * The highest hash of the keys whose records the shard has.
   *
   * @return 16 hexadecimal digits
   */
  public String lastHash() {
    return members.get("LastHash");
  }

  /**
   * The sequence number from which on the shard has records.
   *
   * @return decimal digits
   */
  public String startingSequenceNumber() {
    return members.get("StartingSequenceNumber");
  }

  /**
   * The sequence number at which the shard ends.
   *
   * @return empty while it is open
   */
  public Optional<String> endingSequenceNumber() {
    return Optional.ofNullable(members.get("EndingSequenceNumber"));
  }

  @Override
  public String toString() {
    return id() + " " + state();
  }
}
