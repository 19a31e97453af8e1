// SPDX-License-Identifier: Apache-2.0
// Batch: records of one shard that go to a function together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace weir::lambda {

// A record in a batch's text.
struct BatchRecord {
  std::size_t begin = 0;  // of its JSON text
  std::size_t end = 0;
  std::uint64_t position = 0;  // in the table's log
  Micros time{0};              // of the write
};

// A run of records, in order, as the JSON that a function gets. Its parts (Slice) share the text.
// Immutable but for `attempts`.
class Batch {
 public:
  // `text` has the records, separated by commas; there is at least one. `end` is where the shard is
  // read on once all of them are done.
  struct End {
    std::optional<std::uint64_t> next;  // nullopt: the shard is at its end
    std::uint64_t seen_to = 0;          // stream::ReaderPage::seen_to
  };
  Batch(std::string text, std::vector<BatchRecord> records, const End& end);

  [[nodiscard]] std::size_t size() const { return count_; }
  // `index` below size().
  [[nodiscard]] const BatchRecord& operator[](std::size_t index) const {
    return (*records_)[first_ + index];
  }
  [[nodiscard]] const End& end() const { return end_; }
  // {"Records":[…]}
  [[nodiscard]] std::string Payload() const;

  // The records [first, first + count), which is not empty, as a batch of its own, with a new
  // request id and no attempts. It goes on where its last record ends.
  [[nodiscard]] Batch Slice(std::size_t first, std::size_t count) const;

  // A repeated try has the same id, as on AWS.
  [[nodiscard]] const std::string& request_id() const { return request_id_; }
  // How often the function has failed with exactly these records.
  int attempts = 0;

 private:
  Batch() = default;

  std::shared_ptr<const std::string> text_;
  std::shared_ptr<const std::vector<BatchRecord>> records_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  End end_;
  std::string request_id_;
};

// How a function answered a batch.
struct BatchResult {
  enum class Kind : std::uint8_t { kDone, kFailedFrom, kFailed };
  Kind kind = Kind::kDone;
  std::size_t first_failed = 0;  // for kFailedFrom: the records before it are done; 0 to size - 1
};

// Reads what a function returned that may report the records that failed:
// {"batchItemFailures":[{"itemIdentifier":"<sequence number>"}]}. The lowest number counts. An
// answer without failures is a success; one that is not of this form, or names a record that is not
// in the batch, a failure of all. `number_of` returns the sequence number of the record at an index
// below `size`; it is called only if there are failures.
// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
BatchResult ReadBatchResult(std::string_view answer, std::size_t size,
                            const std::function<std::string(std::size_t index)>& number_of);

// Whether an answer of that form reports a failure, or is not of the form.
bool ReportsFailures(std::string_view answer);

}  // namespace weir::lambda
