// SPDX-License-Identifier: Apache-2.0
// Texts by which clients go on reading: shard iterators (i), checkpoints of readers (c) and
// NextTokens of statements (t). The first letter of an input says which one the rest is. After an I
// the rest is the bytes of an iterator's fields, from which a genuine iterator is made. Each text
// must be refused, or be a place from which reading goes on and comes to an end.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "services/dynamodb/common/stream_errors.h"
#include "services/dynamodb/partiql/partiql_token.h"
#include "storage/change_log.h"
#include "stream/reader.h"
#include "stream/shard_iterator.h"
#include "stream/stream.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/unit/support/packed.h"

namespace weir::fuzz {
namespace {

using stream::Outcome;
using stream::Reader;
using stream::ReaderCursor;
using stream::ReaderPage;
using stream::ShardIterator;
using stream::StreamPtr;

constexpr Micros kNow{1'700'000'000'000'000};
constexpr std::uint64_t kDataSet = 7;
constexpr int kRecords = 40;
constexpr std::string_view kArn =
    "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/2023-11-14T22:13:20.000";

// A stream with closed and open shards: some have split, one has rotated.
StreamPtr MakeStream() {
  auto log = std::make_shared<storage::ChangeLog>();
  stream::StreamInfo info;
  info.arn = kArn;
  info.key_schema = testing::StringKeySchema();
  info.creation_time = kNow;
  info.data_set = kDataSet;
  stream::ShardPolicy policy;
  policy.rotation_age = Micros(0);
  auto made = std::make_shared<stream::Stream>(std::move(info), log, 2, policy);
  for (int number = 0; number < kRecords; ++number) {
    Change change;
    change.key_hash = static_cast<std::uint64_t>(number) * (UINT64_MAX / kRecords);
    change.after = testing::StringItem({{"pk", std::to_string(number)}});
    change.time = kNow;
    log->Append(change);
    if (number == kRecords / 3) {
      FUZZ_CHECK(made->SplitAll(kNow).ok(), "no split");
    } else if (number == kRecords / 2) {
      FUZZ_CHECK(made->RotateAll(kNow).ok(), "no rotation");
    }
  }
  return made;
}

const StreamPtr& TheStream() {
  static const StreamPtr stream = MakeStream();
  return stream;
}

void CheckIterator(std::string_view text) {
  const Outcome<ShardIterator> iterator = stream::DecodeShardIterator(text, kDataSet, std::nullopt);
  if (!iterator.ok()) {
    return;
  }
  const ShardIterator& place = iterator.value();
  const Outcome<ShardIterator> again = stream::DecodeShardIterator(
      stream::EncodeShardIterator(place, kDataSet), kDataSet, std::nullopt);
  FUZZ_CHECK(again.ok() && again.value().stream_arn == place.stream_arn &&
                 again.value().shard == place.shard && again.value().position == place.position &&
                 again.value().issued == place.issued && again.value().reader == place.reader,
             text);
  const auto page = TheStream()->Read(place.shard, place.position, kRecords, kNow);
  FUZZ_CHECK(!page.ok() || page.value().changes.size() <= kRecords, text);
}

// Takes the next eight bytes as a number, the most significant first; missing bytes count as zeros.
std::uint64_t Take(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) {
    number = number << 8U;
    if (!bytes.empty()) {
      number |= static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
    }
  }
  return number;
}

void CheckForgedIterator(std::string_view bytes) {
  ShardIterator iterator;
  iterator.stream_arn = kArn;
  iterator.position = Take(bytes);
  iterator.shard.created_ms = Take(bytes);
  iterator.shard.suffix = static_cast<std::uint32_t>(Take(bytes));
  const auto shards = TheStream()->Shards();
  if (iterator.shard.created_ms < shards.size()) {  // so that the shard exists
    iterator.shard = shards[static_cast<std::size_t>(iterator.shard.created_ms)].id;
  }
  iterator.issued = Micros(static_cast<std::int64_t>(Take(bytes)));
  const std::string text = stream::EncodeShardIterator(iterator, kDataSet);
  FUZZ_CHECK(stream::DecodeShardIterator(text, kDataSet, std::nullopt).ok(), text);
  const Outcome<ShardIterator> aged = stream::DecodeShardIterator(text, kDataSet, kNow);
  FUZZ_CHECK(aged.ok() || !dynamodb::ErrorOf(aged.error()).message.empty(), text);
  CheckIterator(text);
}

void CheckCheckpoint(std::string_view text) {
  (void)Reader::StreamOf(text);
  Outcome<Reader> resumed = Reader::Resume(TheStream(), text);
  if (!resumed.ok()) {
    return;
  }
  Reader reader = std::move(resumed).value();
  const Outcome<Reader> again = Reader::Resume(TheStream(), reader.Checkpoint());
  FUZZ_CHECK(again.ok() && again.value().Checkpoint() == reader.Checkpoint(), text);
  constexpr int kMostRounds = 20;
  int records = 0;
  for (int round = 0; round < kMostRounds; ++round) {
    for (const ReaderCursor& cursor : std::vector(reader.cursors())) {
      const ReaderPage page = reader.Read(cursor, kRecords, kNow).value();
      records += static_cast<int>(page.changes.size());
      reader.Advance(page);
    }
  }
  FUZZ_CHECK(records <= kRecords, text);  // cursors do not overlap, so no record is read twice
}

void CheckToken(std::string_view token) {
  const std::string statement = "SELECT * FROM \"t\"";
  const std::optional<dynamodb::StatementParameters> none;
  const dynamodb::StatementText text{statement, none};
  const auto position = dynamodb::DecodeNextToken(token, text);
  if (!position.ok()) {
    FUZZ_CHECK(position.error().code == ErrorCode::kValidation, position.error().message);
    return;
  }
  const auto again =
      dynamodb::DecodeNextToken(dynamodb::EncodeNextToken(position.value(), text), text);
  FUZZ_CHECK(again.ok() && again.value().read == position.value().read &&
                 again.value().key == position.value().key,
             token);
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.empty()) {
    return 0;
  }
  const std::string_view rest = input.substr(1);
  switch (input.front()) {
    case 'i':
      weir::fuzz::CheckIterator(rest);
      break;
    case 'I':
      weir::fuzz::CheckForgedIterator(rest);
      break;
    case 'c':
      weir::fuzz::CheckCheckpoint(rest);
      break;
    default:
      weir::fuzz::CheckToken(rest);
      break;
  }
  return 0;
}
