// SPDX-License-Identifier: Apache-2.0
#include "services/logs/log_tail.h"

#include <algorithm>
#include <charconv>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/memory_reserve.h"

namespace weir::logs {
namespace {

using protocol::HttpResponse;
using std::chrono::steady_clock;

constexpr unsigned kBadRequest = 400;
// How long until a request that failed for want of memory is tried again.
constexpr std::chrono::seconds kRetryPause{1};
constexpr std::string_view kLinesType = "application/x-ndjson";

struct Query {
  std::int64_t since = 0;
  std::int64_t follow = 0;  // seconds
  std::int64_t cursor = 0;
};

bool ReadNumber(std::string_view text, std::int64_t most, std::int64_t& out) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  return fault == std::errc() && end == text.data() + text.size() && out >= 0 && out <= most;
}

// nullopt for members that are unknown or no such numbers.
std::optional<Query> ReadQuery(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view member = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = std::min(member.find('='), member.size());
    const std::string_view name = member.substr(0, equals);
    const std::string_view value = member.substr(std::min(equals + 1, member.size()));
    const bool read =
        (name == "since" && ReadNumber(value, INT64_MAX, query.since)) ||
        (name == "cursor" && ReadNumber(value, INT64_MAX, query.cursor)) ||
        (name == "follow" && ReadNumber(value, LogTail::kLongestWait.count(), query.follow));
    if (!read) {
      return std::nullopt;
    }
  }
  return query;
}

void WriteFault(unsigned status, std::string_view text, HttpResponse& response) {
  response.status = status;
  response.content_type = "application/json";
  response.body = nlohmann::json{{"message", text}}.dump();
}

HttpResponse AnswerOf(std::string lines, std::uint64_t cursor) {
  HttpResponse answer;
  answer.content_type = kLinesType;
  answer.headers.emplace_back(LogTail::kCursorHeader, std::to_string(cursor));
  answer.body = std::move(lines);
  return answer;
}

}  // namespace

LogTail::LogTail(LogStore& store) : store_(store) {
  store_.Listen([this] { Wake(); });
}

LogTail::~LogTail() {
  store_.Listen(nullptr);
  Stop();
  std::thread thread;
  {
    const MutexLock lock(mutex_);
    thread = std::move(thread_);
  }
  if (thread.joinable()) {
    thread.join();
  }
}

void LogTail::Handle(std::string_view group, const protocol::HttpRequest& request,
                     HttpResponse& response) {
  const std::optional<Query> query = ReadQuery(request.query());
  if (!query.has_value()) {
    WriteFault(kBadRequest,
               "The query may have since=<milliseconds since 1970>, follow=<seconds, up to 20> "
               "and cursor=<of the answer before>.",
               response);
    return;
  }
  Asked asked{std::string(group), query->since, static_cast<std::uint64_t>(query->cursor)};
  std::string lines = ReadLines(asked);
  if (!lines.empty() || query->follow == 0) {
    response = AnswerOf(std::move(lines), asked.cursor);
    return;
  }
  const auto deadline = steady_clock::now() + std::chrono::seconds(query->follow);
  response.later = [this, asked = std::move(asked), deadline](HttpResponse::Done done) {
    const std::uint64_t number = Add({asked, deadline, std::move(done)});
    return [this, number] { Remove(number); };
  };
}

std::string LogTail::ReadLines(Asked& asked) const {
  std::string lines;
  std::uint64_t before = 0;
  do {
    before = asked.cursor;
    for (LogEvent& event :
         store_.ReadArrivals(asked.group, asked.since, asked.cursor, kMostLines)) {
      if (event.message.ends_with('\n')) {
        event.message.pop_back();
      }
      const nlohmann::ordered_json line{
          {"timestamp", event.position.time}, {"stream", event.stream}, {"message", event.message}};
      lines += line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      lines += '\n';
    }
  } while (lines.empty() && asked.cursor != before);
  return lines;
}

std::uint64_t LogTail::Add(Waiting waiting) {
  std::uint64_t number = 0;
  {
    const MutexLock lock(mutex_);
    if (!stopping_ && waiting_.size() < kMostWaiting) {
      if (!thread_.joinable()) {
        thread_ = std::thread([this] { Run(); });
      }
      number = ++next_number_;
      waiting_.emplace(number, std::move(waiting));
      woken_ = true;  // lines may have come since it was read
      changed_.NotifyOne();
      return number;
    }
  }
  std::string lines = ReadLines(waiting.asked);
  waiting.done(AnswerOf(std::move(lines), waiting.asked.cursor));
  return number;
}

void LogTail::Remove(std::uint64_t number) {
  const MutexLock lock(mutex_);
  waiting_.erase(number);
}

void LogTail::Wake() {
  const MutexLock lock(mutex_);
  if (!waiting_.empty()) {
    woken_ = true;
    changed_.NotifyOne();
  }
}

void LogTail::Stop() {
  const MutexLock lock(mutex_);
  stopping_ = true;
  changed_.NotifyOne();
}

void LogTail::Run() {
  const MemoryReserve::MustNotFail loop;
  while (true) {
    const steady_clock::time_point next = AnswerDue();
    const MutexLock lock(mutex_);
    if (stopping_ && waiting_.empty()) {
      return;
    }
    while (!stopping_ && !woken_ && steady_clock::now() < next) {
      if (next == steady_clock::time_point::max()) {
        changed_.Wait(mutex_);
      } else {
        changed_.WaitUntil(mutex_, next);
      }
    }
    woken_ = false;
  }
}

steady_clock::time_point LogTail::AnswerDue() {
  std::vector<std::pair<std::uint64_t, Asked>> asked;
  {
    const MutexLock lock(mutex_);
    for (const auto& [number, waiting] : waiting_) {
      asked.emplace_back(number, waiting.asked);
    }
  }
  auto next = steady_clock::time_point::max();
  for (auto& [number, one] : asked) {
    std::string lines;
    try {
      const MemoryReserve::MayFail here;
      lines = ReadLines(one);
    } catch (const std::bad_alloc&) {
      // Its cursor is as it was, so it reads these lines the next time.
      next = std::min(next, steady_clock::now() + kRetryPause);
      continue;
    }
    HttpResponse::Done done;
    {
      const MutexLock lock(mutex_);
      const auto found = waiting_.find(number);
      if (found == waiting_.end()) {
        continue;
      }
      found->second.asked.cursor = one.cursor;
      if (lines.empty() && !stopping_ && steady_clock::now() < found->second.deadline) {
        next = std::min(next, found->second.deadline);
        continue;
      }
      done = std::move(found->second.done);
      waiting_.erase(found);
    }
    done(AnswerOf(std::move(lines), one.cursor));
  }
  return next;
}

}  // namespace weir::logs
