// SPDX-License-Identifier: Apache-2.0
#include "storage/table.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/value_writer.h"
#include "tests/unit/support/packed.h"

namespace weir::storage {
namespace {

using testing::StringItem;
using testing::StringKey;
using testing::StringKeySchema;
using testing::TextOf;

// Stores {"pk", "v"}, or deletes the item if there is no text.
class Set final : public Mutation {
 public:
  Set(std::string_view key, std::string_view text)
      : item_(StringItem({{"pk", key}, {"v", text}})) {}
  Set() = default;
  [[nodiscard]] Result<Item> Apply(const Item& /*before*/) const override { return item_; }

 private:
  Item item_;
};

// Appends one letter to "v".
class Append final : public Mutation {
 public:
  explicit Append(std::string_view key) : key_(key) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    return StringItem({{"pk", key_}, {"v", (before ? TextOf(before, "v") : "") + "x"}});
  }

 private:
  std::string key_;
};

class Keep final : public Mutation {
  [[nodiscard]] Result<Item> Apply(const Item& before) const override { return before; }
};

class Refuse final : public Mutation {
  [[nodiscard]] Result<Item> Apply(const Item& /*before*/) const override {
    return MakeError(ErrorCode::kConditionalCheckFailed, "The conditional request failed");
  }
};

struct Fixture {
  ManualClock clock{Micros(1'000'000)};
  std::unique_ptr<Engine> engine = NewMemoryEngine();
  Table table = NewTable();

  Table NewTable() {
    TableMetadata metadata;
    metadata.name = "t";
    metadata.key_schema = StringKeySchema();
    return {std::move(metadata), *engine, clock};
  }
  WriteResult Put(std::string_view key, std::string_view text) {
    return Write(key, Set(key, text));
  }
  WriteResult Write(std::string_view key, const Mutation& mutation, Origin origin = Origin::kUser) {
    Outcome<WriteResult> result = table.Write(StringKey(key), mutation, origin);
    REQUIRE(result.ok());
    return std::move(result).value();
  }
  Item Get(std::string_view key) {
    Outcome<Item> item = table.Get(StringKey(key));
    REQUIRE(item.ok());
    return std::move(item).value();
  }
  std::vector<Change> Changes() {
    std::vector<Change> changes;
    REQUIRE(table.log()
                ->Read(0, UINT64_MAX,
                       [&](const Change& change) {
                         changes.push_back(change);
                         return true;
                       })
                .ok());
    return changes;
  }
};

TEST_CASE_METHOD(Fixture, "A write returns both sides and leaves the new one", "[storage][table]") {
  const WriteResult inserted = Put("a", "1");
  CHECK_FALSE(inserted.before);
  CHECK(TextOf(inserted.after, "v") == "1");
  const WriteResult replaced = Put("a", "2");
  CHECK(TextOf(replaced.before, "v") == "1");
  CHECK(TextOf(Get("a"), "v") == "2");
  const WriteResult removed = Write("a", Set());
  CHECK(TextOf(removed.before, "v") == "2");
  CHECK_FALSE(removed.after);
  CHECK_FALSE(Get("a"));
}

TEST_CASE_METHOD(Fixture, "A stored item carries its time and origin", "[storage][table]") {
  Put("a", "1");
  CHECK(Get("a").write_time() == Micros(1'000'000));
  CHECK(Get("a").origin() == Origin::kUser);
  clock.Advance(Micros(5));
  Write("a", Append("a"), Origin::kReplica);
  CHECK(Get("a").write_time() == Micros(1'000'005));
  CHECK(Get("a").origin() == Origin::kReplica);
}

TEST_CASE_METHOD(Fixture, "The log gets one entry for each effective write", "[storage][table]") {
  const LogHold hold = table.log()->Follow();
  Put("a", "1");
  clock.Advance(Micros(7));
  Put("a", "2");
  Write("a", Set(), Origin::kTimeToLive);
  const std::vector<Change> changes = Changes();
  REQUIRE(changes.size() == 3);
  CHECK_FALSE(changes[0].before);
  CHECK(TextOf(changes[0].after, "v") == "1");
  CHECK(changes[0].time == Micros(1'000'000));
  CHECK(changes[0].origin == Origin::kUser);
  CHECK(TextOf(changes[1].before, "v") == "1");
  CHECK(TextOf(changes[1].after, "v") == "2");
  CHECK(changes[1].time == Micros(1'000'007));
  CHECK(TextOf(changes[2].before, "v") == "2");
  CHECK_FALSE(changes[2].after);
  CHECK(changes[2].origin == Origin::kTimeToLive);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CHECK(changes[i].sequence == i + 1);
    CHECK(changes[i].key_hash == StringKey("a").hash());
    CHECK(TextOf(changes[i].AnyImage(), "pk") == "a");
  }
  // The log's images share the table's buffers.
  Put("b", "shared");
  CHECK(Changes().back().after.attributes().contents().data() ==
        Get("b").attributes().contents().data());
}

TEST_CASE_METHOD(Fixture, "A write that changes nothing is not logged", "[storage][table]") {
  Put("a", "1");
  const LogHold hold = table.log()->Follow();
  clock.Advance(Micros(1));
  Put("a", "1");
  Write("a", Keep());
  Write("missing", Keep());
  Write("missing", Set());
  CHECK(Changes().empty());
  CHECK(table.statistics().item_count == 1);
  // The item is unchanged, including its write time.
  CHECK(Get("a").write_time() == Micros(1'000'000));
}

TEST_CASE_METHOD(Fixture, "A refused write changes nothing", "[storage][table]") {
  Put("a", "1");
  const LogHold hold = table.log()->Follow();
  const Outcome<WriteResult> refused = table.Write(StringKey("a"), Refuse());
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().refusal.code == ErrorCode::kConditionalCheckFailed);
  CHECK(TextOf(Get("a"), "v") == "1");
  CHECK(Changes().empty());
}

TEST_CASE_METHOD(Fixture, "Statistics follow the items", "[storage][table]") {
  CHECK(table.statistics().item_count == 0);
  CHECK(table.statistics().size_bytes == 0);
  Put("a", "123");  // pk 2 + 1, v 1 + 3
  Put("b", "");
  CHECK(table.statistics().item_count == 2);
  CHECK(table.statistics().size_bytes == 7 + 4);
  Put("a", "1");
  CHECK(table.statistics().size_bytes == 5 + 4);
  Write("b", Set());
  CHECK(table.statistics().item_count == 1);
  CHECK(table.statistics().size_bytes == 5);
}

// The items after all logged changes. Checks that the image before each change is the item of that
// moment.
std::map<std::string, std::string> Replay(const std::vector<Change>& changes) {
  std::map<std::string, std::string> items;
  for (const Change& change : changes) {
    const std::string key = TextOf(change.AnyImage(), "pk");
    const auto found = items.find(key);
    REQUIRE(static_cast<bool>(change.before) == (found != items.end()));
    if (change.before) {
      REQUIRE(TextOf(change.before, "v") == found->second);
    }
    items.erase(key);
    if (change.after) {
      items[key] = TextOf(change.after, "v");
    }
  }
  return items;
}

TEST_CASE_METHOD(Fixture, "The log of several writers replays to the table", "[storage][table]") {
  const LogHold hold = table.log()->Follow();
  std::atomic<int> failed{0};
  std::vector<PrimaryKey> keys;
  keys.reserve(20);
  for (int i = 0; i < 20; ++i) {
    keys.push_back(StringKey(std::to_string(i)));
  }
  std::vector<std::thread> writers;
  writers.reserve(4);
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([this, &failed, &keys, writer] {
      for (int i = 0; i < 400; ++i) {
        const auto index = static_cast<std::size_t>((i * 7 + writer) % 20);
        const std::string name = std::to_string(index);
        const PrimaryKey& key = keys[index];
        const bool removes = i % 11 == 0;
        const Outcome<WriteResult> result =
            removes ? table.Write(key, Set()) : table.Write(key, Append(name));
        failed += result.ok() && table.Get(key).ok() ? 0 : 1;
        clock.Advance(Micros(1));
      }
    });
  }
  for (std::thread& writer : writers) {
    writer.join();
  }
  REQUIRE(failed == 0);
  const std::vector<Change> changes = Changes();
  for (std::size_t i = 1; i < changes.size(); ++i) {
    REQUIRE(changes[i].sequence == changes[i - 1].sequence + 1);
    REQUIRE(changes[i].time >= changes[i - 1].time);
  }
  const std::map<std::string, std::string> replayed = Replay(changes);
  CHECK(replayed.size() == table.statistics().item_count);
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i);
    const Item item = Get(name);
    CHECK(static_cast<bool>(item) == replayed.contains(name));
    CHECK((!item || TextOf(item, "v") == replayed.at(name)));
  }
}

TEST_CASE_METHOD(Fixture, "What Alter does to the log falls between two writes",
                 "[storage][table]") {
  std::atomic<bool> stop{false};
  std::thread writer([&, key = StringKey("a")] {
    while (!stop) {
      (void)table.Write(key, Append("a"));
    }
  });
  for (int round = 0; round < 30; ++round) {
    LogHold hold;
    std::size_t length = 0;  // of "v" after the change before
    const auto begin = [&](TableMetadata&) -> Status {
      hold = table.log()->Follow();
      return {};
    };
    REQUIRE(table.Alter(begin).ok());
    const std::uint64_t first = table.log()->first_sequence();
    // Every later write is in the log: the images form a chain without a gap.
    while (table.log()->next_sequence() < first + 20) {
      std::this_thread::yield();
    }
    REQUIRE(table.log()
                ->Read(first, first + 20,
                       [&](const Change& change) {
                         const std::size_t before =
                             change.before ? TextOf(change.before, "v").size() : 0;
                         REQUIRE((change.sequence == first || before == length));
                         length = TextOf(change.after, "v").size();
                         REQUIRE(length == before + 1);
                         return true;
                       })
                .ok());
    (void)table.Write(StringKey("a"), Set());
  }
  stop = true;
  writer.join();
}

TEST_CASE_METHOD(Fixture, "Nothing before Alter is recorded, nothing after it is missed",
                 "[storage][table]") {
  Put("a", "before");
  LogHold hold;
  const auto follow = [&](TableMetadata&) -> Status {
    hold = table.log()->Follow();
    return {};
  };
  REQUIRE(table.Alter(follow).ok());
  Put("a", "after");
  const auto unfollow = [&](TableMetadata&) -> Status {
    hold.StopFollowing();
    return {};
  };
  REQUIRE(table.Alter(unfollow).ok());
  Put("a", "too late");
  const std::vector<Change> changes = Changes();
  REQUIRE(changes.size() == 1);
  CHECK(TextOf(changes[0].before, "v") == "before");
  CHECK(TextOf(changes[0].after, "v") == "after");
}

TEST_CASE_METHOD(Fixture, "Alter makes a new description and leaves the old one alone",
                 "[storage][table]") {
  const TableMetadataPtr old = table.metadata();
  const auto protect = [](TableMetadata& metadata) -> Status {
    metadata.deletion_protection = true;
    return {};
  };
  const Outcome<TableMetadataPtr> altered = table.Alter(protect);
  REQUIRE(altered.ok());
  CHECK(altered.value()->deletion_protection);
  CHECK(table.metadata() == altered.value());
  CHECK_FALSE(old->deletion_protection);
}

TEST_CASE_METHOD(Fixture, "Who wants the description alone waits for no write",
                 "[storage][table]") {
  const TableMetadataPtr before = table.metadata();
  const auto look = [&](TableMetadata& next) -> Status {
    CHECK(table.metadata() == before);  // no write runs meanwhile
    next.deletion_protection = true;
    return {};
  };
  const Outcome<TableMetadataPtr> altered = table.Alter(look);
  REQUIRE(altered.ok());
  CHECK(table.metadata() == altered.value());
  CHECK(table.metadata()->deletion_protection);
}

TEST_CASE_METHOD(Fixture, "A refused Alter changes nothing", "[storage][table]") {
  const TableMetadataPtr old = table.metadata();
  const auto refuse = [](TableMetadata& metadata) -> Status {
    metadata.deletion_protection = true;
    return ValidationError("no");
  };
  const Outcome<TableMetadataPtr> altered = table.Alter(refuse);
  REQUIRE_FALSE(altered.ok());
  CHECK(altered.error().refusal.message == "no");
  CHECK(table.metadata() == old);
  CHECK_FALSE(table.metadata()->deletion_protection);
}

TEST_CASE_METHOD(Fixture, "A dropped table refuses everything", "[storage][table]") {
  Put("a", "1");
  const LogHold hold = table.log()->Follow();
  const auto refuse = [](const TableMetadata&) -> Status { return ValidationError("no"); };
  const auto agree = [](const TableMetadata&) -> Status { return {}; };
  const auto change = [](TableMetadata&) -> Status { return {}; };
  REQUIRE_FALSE(table.Drop(refuse).ok());
  CHECK(TextOf(Get("a"), "v") == "1");
  const Outcome<TableMetadataPtr> dropped = table.Drop(agree);
  REQUIRE(dropped.ok());
  CHECK(dropped.value()->name == "t");
  const std::vector<Fault> faults = {table.Get(StringKey("a")).error(),
                                     table.Write(StringKey("a"), Set("a", "2")).error(),
                                     table.Alter(change).error(), table.Drop(agree).error()};
  for (const Fault& fault : faults) {
    CHECK(fault.kind == Fault::Kind::kTableDropped);
  }
  CHECK(Changes().empty());
}

TEST_CASE("The log outlives its table for those who hold it", "[storage][table]") {
  LogHold hold;
  std::shared_ptr<ChangeLog> log;
  {
    Fixture fixture;
    log = fixture.table.log();
    hold = log->Follow();
    fixture.Put("a", "1");
  }
  int seen = 0;
  REQUIRE(log->Read(0, UINT64_MAX,
                    [&](const Change& change) {
                      CHECK(TextOf(change.after, "v") == "1");
                      return ++seen > 0;
                    })
              .ok());
  CHECK(seen == 1);
}

// A mutation with too much work to be applied under the table's lock. Notes the items that it was
// applied to.
class Heavy final : public Mutation {
 public:
  explicit Heavy(std::string_view key, std::function<void()> meanwhile = nullptr)
      : key_(key), meanwhile_(std::move(meanwhile)) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    ++applied;
    if (meanwhile_) {
      meanwhile_();
    }
    return StringItem({{"pk", key_}, {"v", (before ? TextOf(before, "v") : "") + "h"}});
  }
  [[nodiscard]] std::size_t Work(std::size_t /*item_bytes*/) const override {
    return kWorkUnderLock + 1;
  }
  mutable int applied = 0;

 private:
  std::string key_;
  std::function<void()> meanwhile_;
};

TEST_CASE_METHOD(Fixture, "Long work is done without the table's lock", "[storage][Table]") {
  // Another write from within Apply. If that held the lock, the write would wait forever.
  const Heavy heavy("a", [&] {
    CHECK(table.Write(StringKey("other"), Set("other", "1")).ok());
    CHECK(table.Get(StringKey("a")).ok());
  });
  const Outcome<WriteResult> result = table.Write(StringKey("a"), heavy);
  REQUIRE(result.ok());
  CHECK(TextOf(result.value().after, "v") == "h");
  CHECK(heavy.applied == 1);
  CHECK(TextOf(table.Get(StringKey("a")).value(), "v") == "h");
}

TEST_CASE_METHOD(Fixture, "Long work is done again if the item has changed meanwhile",
                 "[storage][Table]") {
  int interruptions = 0;
  const Heavy heavy("a", [&] {
    if (interruptions++ < 2) {
      CHECK(table.Write(StringKey("a"), Append("a")).ok());
    }
  });
  const Outcome<WriteResult> result = table.Write(StringKey("a"), heavy);
  REQUIRE(result.ok());
  CHECK(heavy.applied == 3);
  CHECK(TextOf(result.value().before, "v") == "xx");
  CHECK(TextOf(result.value().after, "v") == "xxh");
}

TEST_CASE_METHOD(Fixture, "Long work has its way in the end", "[storage][Table]") {
  int rounds = 0;
  const Heavy heavy("a", [&] {
    if (rounds++ < 7) {  // in the eighth round the lock is held
      CHECK(table.Write(StringKey("a"), Append("a")).ok());
    }
  });
  const Outcome<WriteResult> result = table.Write(StringKey("a"), heavy);
  REQUIRE(result.ok());
  CHECK(heavy.applied == 8);
  CHECK(TextOf(result.value().after, "v") == "xxxxxxxh");
}

TEST_CASE_METHOD(Fixture, "A refusal of long work is an answer", "[storage][Table]") {
  class HeavyRefusal final : public Mutation {
    [[nodiscard]] Result<Item> Apply(const Item& /*before*/) const override {
      return MakeError(ErrorCode::kConditionalCheckFailed, "The conditional request failed");
    }
    [[nodiscard]] std::size_t Work(std::size_t /*item_bytes*/) const override { return SIZE_MAX; }
  };
  const Outcome<WriteResult> result = table.Write(StringKey("a"), HeavyRefusal());
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().refusal.code == ErrorCode::kConditionalCheckFailed);
}

}  // namespace
}  // namespace weir::storage
