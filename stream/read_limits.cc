// SPDX-License-Identifier: Apache-2.0
#include "stream/read_limits.h"

#include <algorithm>

namespace weir::stream {
namespace {

constexpr Micros kSecond = std::chrono::seconds(1);

void ForgetBefore(std::deque<Micros>& times, Micros since) {
  while (!times.empty() && times.front() <= since) {
    times.pop_front();
  }
}

Fault TooMuch(const ShardRead& read) {
  Fault fault(Fault::Kind::kShardReadTooOften, read.shard);
  fault.stream_arn = read.stream_arn;
  return fault;
}

}  // namespace

void ReadLimits::Forget(Second& second, Micros since) {
  ForgetBefore(second.reads, since);
  std::erase_if(second.readers, [&](const auto& reader) { return reader.second <= since; });
  while (!second.bytes.empty() && second.bytes.front().first <= since) {
    second.bytes.pop_front();
  }
}

ReadLimits::Second& ReadLimits::NowOf(const ShardRead& read, Micros since) {
  if (swept_ <= since) {  // once a second, so that shards nobody reads any more take no memory
    swept_ = since + kSecond;
    for (auto shard = shards_.begin(); shard != shards_.end();) {
      Forget(shard->second, since);
      shard = shard->second.idle() ? shards_.erase(shard) : std::next(shard);
    }
  }
  Second& second = shards_[{std::string(read.stream_arn), read.shard}];
  Forget(second, since);
  return second;
}

Outcome<void> ReadLimits::CountDescribe() {
  if (!enforces_) {
    return {};
  }
  const MutexLock lock(mutex_);
  const Micros now = clock_.Now();
  ForgetBefore(describes_, now - kSecond);
  if (describes_.size() >= figures_.describes) {
    return Fault(Fault::Kind::kDescribedTooOften);
  }
  describes_.push_back(now);
  return {};
}

Outcome<void> ReadLimits::CountRead(const ShardRead& read) {
  if (!enforces_) {
    return {};
  }
  const MutexLock lock(mutex_);
  const Micros now = clock_.Now();
  Second& second = NowOf(read, now - kSecond);
  std::size_t bytes = 0;
  for (const auto& [time, size] : second.bytes) {
    bytes += size;
  }
  const bool new_reader = !second.readers.contains(read.reader);
  if (second.reads.size() >= figures_.reads || bytes >= figures_.bytes ||
      (new_reader && second.readers.size() >= figures_.readers)) {
    return TooMuch(read);
  }
  second.reads.push_back(now);
  second.readers[read.reader] = now;
  return {};
}

void ReadLimits::CountBytes(const ShardRead& read, std::size_t bytes) {
  if (enforces_ && bytes > 0) {
    const MutexLock lock(mutex_);
    const Micros now = clock_.Now();
    NowOf(read, now - kSecond).bytes.emplace_back(now, bytes);
  }
}

}  // namespace weir::stream
