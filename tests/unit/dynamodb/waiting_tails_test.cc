// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/control/waiting_tails.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "stream/stream.h"
#include "tests/unit/support/packed.h"

namespace weir::dynamodb {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kLimit = 100;

struct Fixture {
  ManualClock clock{Micros(1'700'000'000'000'000)};
  std::shared_ptr<storage::ChangeLog> log = std::make_shared<storage::ChangeLog>();
  stream::StreamPtr stream = Open();
  WaitingTails tails{clock};

  stream::StreamPtr Open() {
    stream::StreamInfo info;
    info.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/label";
    info.key_schema = testing::StringKeySchema();
    info.creation_time = clock.Now();
    return std::make_shared<stream::Stream>(std::move(info), log, 2);
  }
  void Append(std::string_view name) {
    Change change;
    change.after = testing::StringItem({{"pk", name}});
    change.time = clock.Now();
    log->Append(change);
  }
  // Adds a request that waits for records after the stream's end. Returns the body of its answer.
  std::future<std::string> Wait(std::chrono::milliseconds longest) {
    auto answer = std::make_shared<std::promise<std::string>>();
    stream::Outcome<stream::Reader> reader = stream::Reader::Subscribe(
        stream, {.type = stream::ReaderStart::Type::kLatest}, clock.Now());
    REQUIRE(reader.ok());
    tails.Add(
        {std::move(reader).value(), kLimit, steady_clock::now() + longest,
         [answer](const protocol::HttpResponse& response) { answer->set_value(response.body); }});
    return answer->get_future();
  }
};

bool HasRecords(const std::string& body) {
  return body.find(R"("Records":[])") == std::string::npos;
}

TEST_CASE_METHOD(Fixture, "Tails that wait are answered by the next record", "[server][threads]") {
  constexpr int kWaiting = 20;
  std::vector<std::future<std::string>> answers;
  answers.reserve(kWaiting);
  for (int i = 0; i < kWaiting; ++i) {
    answers.push_back(Wait(std::chrono::minutes(1)));
  }
  std::thread writer([this] {
    for (int i = 0; i < 100; ++i) {
      Append(std::to_string(i));
    }
  });
  for (std::future<std::string>& answer : answers) {
    CHECK(HasRecords(answer.get()));
  }
  writer.join();
}

TEST_CASE_METHOD(Fixture, "Tails are answered at their deadline and when all are to end",
                 "[server][threads]") {
  CHECK(!HasRecords(Wait(std::chrono::milliseconds(1)).get()));
  std::future<std::string> waiting = Wait(std::chrono::minutes(1));
  tails.Stop();
  CHECK(!HasRecords(waiting.get()));
  CHECK(!HasRecords(Wait(std::chrono::minutes(1)).get()));  // after Stop, no request waits
}

TEST_CASE_METHOD(Fixture, "Beyond so many nobody else waits", "[server][threads]") {
  std::vector<std::future<std::string>> answers;
  answers.reserve(WaitingTails::kMost);
  for (std::size_t i = 0; i < WaitingTails::kMost; ++i) {
    answers.push_back(Wait(std::chrono::minutes(1)));
  }
  CHECK(!HasRecords(Wait(std::chrono::minutes(1)).get()));
  tails.Stop();
  for (std::future<std::string>& answer : answers) {
    CHECK(!HasRecords(answer.get()));
  }
}

}  // namespace
}  // namespace weir::dynamodb
