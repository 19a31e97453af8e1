// SPDX-License-Identifier: Apache-2.0
package io.github.weirdynamodb.junit5;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shards of a table's latest stream. */
public final class Shards {
  private static final String PATH = "/_weir/shards";
  private static final Pattern SHARD = Pattern.compile("\\{\"ShardId\"[^}]*\\}");

  private final Control control;
  private final String table;

  Shards(Control control, String table) {
    this.control = control;
    this.table = table;
  }

  /**
   * Lists all shards.
   *
   * @return in the order of their ids
   */
  public List<Shard> list() {
    List<Shard> shards = new ArrayList<>();
    String query = PATH + "?table=" + URLEncoder.encode(table, StandardCharsets.UTF_8);
    String after = "";
    while (after != null) {
      String page = control.get(after.isEmpty() ? query : query + "&after=" + after);
      for (Matcher shard = SHARD.matcher(page); shard.find(); ) {
        shards.add(new Shard(Control.members(shard.group())));
      }
      after = Control.members(page).get("LastEvaluatedShardId");
    }
    return shards;
  }

  /** Closes all open shards, and gives each two children. */
  public void split() {
    change("SPLIT", "");
  }

  /**
   * Closes an open shard, and gives it two children.
   *
   * @param shardId its id
   */
  public void split(String shardId) {
    change("SPLIT", id(shardId));
  }

  /** Closes all open shards, and gives each one child. */
  public void rotate() {
    change("ROTATE", "");
  }

  /**
   * Closes an open shard, and gives it one child.
   *
   * @param shardId its id
   */
  public void rotate(String shardId) {
    change("ROTATE", id(shardId));
  }

  /** Closes all open shards. The child of each opens with the next record. */
  public void close() {
    change("CLOSE", "");
  }

  /**
   * Closes an open shard. Its child opens with the next record.
   *
   * @param shardId its id
   */
  public void close(String shardId) {
    change("CLOSE", id(shardId));
  }

  /**
   * Splits the widest shards until so many are open.
   *
   * @param open how many
   */
  public void set(int open) {
    change("SET", ", \"OpenShards\": " + open);
  }

  private static String id(String shardId) {
    return ", \"ShardId\": " + Control.quote(shardId);
  }

  private void change(String action, String more) {
    String name = Control.quote(table);
    control.post(PATH, "{\"TableName\": " + name + ", \"Action\": \"" + action + "\"" + more + "}");
  }
}
