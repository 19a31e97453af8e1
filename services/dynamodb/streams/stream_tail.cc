// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/streams/stream_tail.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/limits.h"
#include "services/dynamodb/common/stream_errors.h"
#include "services/dynamodb/streams/stream_members.h"

namespace weir::dynamodb {
namespace {

// How many rounds without records one page may take. Each may pass a generation of shards.
constexpr int kMostRounds = 100;

// How long reading one page may take. The page then ends with what has been read, and the next page
// goes on from there.
constexpr std::chrono::milliseconds kLongestRead{50};
using Deadline = std::chrono::steady_clock::time_point;

struct Found {
  Change change;
  stream::ShardId shard;
};

struct Findings {
  std::vector<Found> records;
  bool lost = false;  // records were lost
};

// Reads once in every shard where the reader stands, and appends the records to `findings`. Shards
// that take the place of ended ones are read in the next round.
Status ReadRound(stream::Reader& reader, std::size_t limit, Micros now, Deadline deadline,
                 Findings& findings) {
  std::size_t bytes = 0;
  const std::vector<stream::ReaderCursor> cursors = reader.cursors();
  for (const stream::ReaderCursor& cursor : cursors) {
    const std::size_t share = std::max<std::size_t>(1, limit / cursors.size());
    WEIR_ASSIGN_OR_RETURN(stream::ReaderPage page, Worded(reader.Read(cursor, share, now)));
    reader.Advance(page);
    findings.lost = findings.lost || page.lost;
    for (Change& change : page.changes) {
      bytes += reader.stream()->RecordSize(change);
      findings.records.push_back({std::move(change), page.shard});
    }
    if (bytes > limits::kGetRecordsSize || std::chrono::steady_clock::now() > deadline) {
      break;  // a later page reads the other shards; at least one was read, so there is progress
    }
  }
  return {};
}

}  // namespace

Result<stream::Reader> StartTail(Database& database, const TailStart& start) {
  if (!start.checkpoint.empty()) {
    const std::string_view arn = stream::Reader::StreamOf(start.checkpoint);
    if (arn.empty()) {
      return ValidationError("The checkpoint is not valid");
    }
    WEIR_ASSIGN_OR_RETURN(stream::StreamPtr stream, FindStream(database, arn));
    return Worded(stream::Reader::Resume(std::move(stream), start.checkpoint));
  }
  WEIR_ASSIGN_OR_RETURN(stream::StreamPtr stream, FindAnyStream(database, start.stream_or_table));
  return Worded(stream::Reader::Subscribe(std::move(stream), start.start, database.clock().Now()));
}

Result<TailPage> ReadTail(stream::Reader& reader, std::size_t limit, Micros now) {
  TailPage page;
  page.stream = reader.stream();
  Findings findings;
  std::vector<Found>& found = findings.records;
  const Deadline deadline = std::chrono::steady_clock::now() + kLongestRead;
  int rounds = 0;
  do {
    const Status round = ReadRound(reader, limit, now, deadline, findings);
    if (!round.ok() && found.empty() && !findings.lost) {
      return round.error();
    }
    if (!round.ok()) {
      break;  // the next page fails
    }
  } while (found.empty() && reader.behind() && ++rounds < kMostRounds &&
           std::chrono::steady_clock::now() < deadline);
  // The records of each shard are in order already; this merges the shards by time of commit.
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return a.change.sequence < b.change.sequence;
  });
  page.records_lost = findings.lost;
  page.records.reserve(found.size());
  for (const Found& one : found) {
    page.records.push_back({RecordOf(*page.stream, one.change), one.shard.ToString()});
  }
  page.stream_arn = page.stream->info().arn;
  page.checkpoint = reader.Checkpoint();
  page.finished = reader.finished();
  return page;
}

}  // namespace weir::dynamodb
