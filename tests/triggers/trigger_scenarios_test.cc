// SPDX-License-Identifier: Apache-2.0
// What a trigger does with the records of one shard, step by step, on a clock that stands still.
#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/time_text.h"
#include "tests/triggers/trigger_fixture.h"

namespace weir::testing {
namespace {

// The waits between tries are 0.5, 1, 2, 4 … seconds here: without jitter.
struct Scenario {
  std::string_view name;
  std::string_view settings;  // of the mapping
  // Divided by semicolons: `put` and keys; `answer` and what the next invocations get; `wait` and a
  // span; `map`, which creates the mapping; `update` and settings; `restart`; `release` an answer;
  // `remove`, which deletes the function.
  std::string_view steps;
  std::string_view invocations;  // FakeFunctions::log
  std::string_view status = {};  // "<batches done> <records> <given up>"; empty: not looked at
};

constexpr Scenario kScenarios[] = {
    // Batches.
    {"a record is sent at once", "{}", "map; put a", "0:a", "1 1 0"},
    {"what was there before comes first", "{}", "put a b; map; put c", "0:a,b 0:c", "2 3 0"},
    {"LATEST begins after the mapping", R"({"StartingPosition":"LATEST"})", "put a; map; put b",
     "0:b", "1 1 0"},
    {"a batch has BatchSize records at most", R"({"BatchSize":2})", "put a b c d e; map",
     "0:a,b 0:c,d 0:e", "3 5 0"},
    {"a batch of one", R"({"BatchSize":1})", "put a b; map", "0:a 0:b", "2 2 0"},
    {"the default is 100", "{}", "put a b c; map", "0:a,b,c", "1 3 0"},
    {"nothing is sent without records", "{}", "map; wait 1h", "", "0 0 0"},
    {"a batch under way holds back the next", "{}", "map; answer hold; put a; put b c; release ok",
     "0:a 0:b,c", "2 3 0"},
    {"two batches under way, one after the other", R"({"BatchSize":1})",
     "map; answer hold hold; put a b; release ok; release ok", "0:a 0:b", "2 2 0"},
    // Windows.
    {"a window gathers", R"({"MaximumBatchingWindowInSeconds":5})",
     "map; put a; wait 2s; put b; wait 2s; put c; wait 1s", "5:a,b,c", "1 3 0"},
    {"a window begins with the first record", R"({"MaximumBatchingWindowInSeconds":5})",
     "map; wait 3s; put a; wait 4s; put b; wait 1s", "8:a,b", "1 2 0"},
    {"a window ends when the batch is full",
     R"({"MaximumBatchingWindowInSeconds":60,"BatchSize":2})", "map; put a; wait 1s; put b",
     "1:a,b", "1 2 0"},
    {"a window that is not over sends nothing", R"({"MaximumBatchingWindowInSeconds":300})",
     "map; put a; wait 299s", "", "0 0 0"},
    {"the longest window", R"({"MaximumBatchingWindowInSeconds":300})", "map; put a; wait 5m",
     "300:a", "1 1 0"},
    {"the next window begins after the invocation", R"({"MaximumBatchingWindowInSeconds":5})",
     "map; answer hold; put a; wait-for 5s; put b; release ok; wait 4s; put c; wait 1s",
     "5:a 10:b,c", "2 3 0"},
    {"full batches do not wait for the window",
     R"({"MaximumBatchingWindowInSeconds":10,"BatchSize":2})", "put a b c d e; map; wait 10s",
     "0:a,b 0:c,d 10:e", "3 5 0"},
    // Errors and retries.
    {"an error is tried again", "{}", "map; answer error; put a; wait 1s", "0:a 0.5:a", "1 1 0"},
    {"the waits double", "{}", "map; answer error error error error; put a; wait 1m",
     "0:a 0.5:a 1.5:a 3.5:a 7.5:a", "1 1 0"},
    {"the longest wait is a minute", "{}",
     "map; answer error error error error error error error error error; put a; wait 5m",
     "0:a 0.5:a 1.5:a 3.5:a 7.5:a 15.5:a 31.5:a 63.5:a 123.5:a 183.5:a", "1 1 0"},
    {"no retry before its time", "{}", "map; answer error; put a; wait 499ms", "0:a", "0 0 0"},
    {"a retry has the same records, though others came", "{}",
     "map; answer error; put a; put b; wait 1s", "0:a 0.5:a 0.5:b", "2 2 0"},
    {"a success ends the growth of the waits", "{}",
     "map; answer error error ok error; put a; wait 10s; put b; wait 1s",
     "0:a 0.5:a 1.5:a 10:b 10.5:b", "2 2 0"},
    {"without retries a failed batch is given up", R"({"MaximumRetryAttempts":0})",
     "map; answer error; put a; put b; wait 1s", "0:a 0:b", "1 1 1"},
    {"one retry, then it is given up", R"({"MaximumRetryAttempts":1})",
     "map; answer error error; put a; wait 1s; put b", "0:a 0.5:a 1:b", "1 1 1"},
    {"three retries are four tries", R"({"MaximumRetryAttempts":3})",
     "map; answer error error error error; put a; wait 1m", "0:a 0.5:a 1.5:a 3.5:a", "0 0 1"},
    {"a batch is given up as a whole", R"({"MaximumRetryAttempts":0,"BatchSize":3})",
     "put a b c d; answer error; map", "0:a,b,c 0:d", "1 1 3"},
    {"a throttle is no attempt", R"({"MaximumRetryAttempts":0})",
     "map; answer throttle throttle; put a; wait 10s", "0:a 0.5:a 1.5:a", "1 1 0"},
    {"what cannot run is no attempt", R"({"MaximumRetryAttempts":0})",
     "map; answer down; put a; wait 10s", "0:a 0.5:a", "1 1 0"},
    {"throttles between errors", R"({"MaximumRetryAttempts":1})",
     "map; answer error throttle error; put a; wait 10s", "0:a 0.5:a 1.5:a", "0 0 1"},
    {"a deleted function leaves the records", "{}", "map; remove; put a; wait 1h", "", "0 0 0"},
    // Ages.
    {"a record that is too old is given up", R"({"MaximumRecordAgeInSeconds":60})",
     "put a; wait 61s; map", "", "0 0 1"},
    {"a record of just that age is sent", R"({"MaximumRecordAgeInSeconds":60})",
     "put a; wait 60s; map", "60:a", "1 1 0"},
    {"only the old ones of a batch are given up", R"({"MaximumRecordAgeInSeconds":60})",
     "put a; wait 30s; put b; wait 31s; map", "61:b", "1 1 1"},
    {"retries end with the age", R"({"MaximumRecordAgeInSeconds":60})",
     "map; answer error error error error error error error error; put a; wait 5m",
     "0:a 0.5:a 1.5:a 3.5:a 7.5:a 15.5:a 31.5:a", "0 0 1"},
    {"what comes after an expired batch does not wait for its next try",
     R"({"MaximumRecordAgeInSeconds":60})",
     "map; answer error error error error error error error; put a; wait 59s; put b; wait 2s",
     "0:a 0.5:a 1.5:a 3.5:a 7.5:a 15.5:a 31.5:a 60:b", "1 1 1"},
    {"age and attempts: attempts first",
     R"({"MaximumRecordAgeInSeconds":60,"MaximumRetryAttempts":1})",
     "map; answer error error; put a; wait 5m", "0:a 0.5:a", "0 0 1"},
    {"age and attempts: age first",
     R"({"MaximumRecordAgeInSeconds":60,"MaximumRetryAttempts":10000})",
     "map; answer throttle throttle throttle throttle throttle throttle throttle; put a; wait 5m",
     "0:a 0.5:a 1.5:a 3.5:a 7.5:a 15.5:a 31.5:a", "0 0 1"},
    {"the stream keeps records for a day", "{}", "put a; wait 23h; map", "82800:a", "1 1 0"},
    // Filters.
    {"a filter passes some", R"({"FilterCriteria":{"Filters":[{"Pattern":
     "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[\"b\"]}}}}"}]}})",
     "map; put a b c", "0:b", "1 1 0"},
    {"a filter that passes nothing", R"({"FilterCriteria":{"Filters":[{"Pattern":
     "{\"eventName\":[\"REMOVE\"]}"}]}})",
     "map; put a b c; wait 1h", "", "0 0 0"},
    {"one of two filters is enough", R"({"FilterCriteria":{"Filters":[{"Pattern":
     "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[\"b\"]}}}}"},{"Pattern":
     "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"prefix\":\"c\"}]}}}}"}]}})",
     "put a b c cc d; map", "0:b,c,cc", "1 3 0"},
    {"filtered records do not fill a batch",
     R"({"BatchSize":2,"FilterCriteria":{"Filters":[{"Pattern":
     "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"prefix\":\"b\"}]}}}}"}]}})",
     "put a b1 a2 b2 a3 b3; map", "0:b1,b2 0:b3", "2 3 0"},
    {"filtered records open no window", R"({"MaximumBatchingWindowInSeconds":5,
     "FilterCriteria":{"Filters":[{"Pattern":
     "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[\"b\"]}}}}"}]}})",
     "map; put a; wait 3s; put b; wait 4s; put b2; wait 1s", "8:b", "1 1 0"},
    {"a filter that is taken away", R"({"FilterCriteria":{"Filters":[{"Pattern":
     "{\"eventName\":[\"REMOVE\"]}"}]}})",
     R"(map; put a; update {"FilterCriteria":{"Filters":[]}}; put b)", "0:b", "1 1 0"},
    // Changes while it runs.
    {"a disabled mapping sends nothing", R"({"Enabled":false})", "map; put a; wait 1h", "",
     "0 0 0"},
    {"an enabled one goes on where it was", "{}",
     R"(map; put a; update {"Enabled":false}; put b; wait 1h; update {"Enabled":true})",
     "0:a 3600:b", "2 2 0"},
    {"a mapping that was made disabled begins at the horizon", R"({"Enabled":false})",
     R"(put a; map; put b; update {"Enabled":true})", "0:a,b", "1 2 0"},
    {"a disabled mapping stops its retries", "{}",
     R"(map; answer error; put a; update {"Enabled":false}; wait 1h; update {"Enabled":true})",
     "0:a 3600:a", "1 1 0"},
    {"a smaller batch counts at once", R"({"BatchSize":10,"MaximumBatchingWindowInSeconds":60})",
     R"(map; put a b; update {"BatchSize":2}; put c)", "0:a,b", "1 2 0"},
    {"a shorter window counts at once", R"({"MaximumBatchingWindowInSeconds":60})",
     R"(map; put a; wait 2s; update {"MaximumBatchingWindowInSeconds":0})", "2:a", "1 1 0"},
    {"fewer retries count for what waits", "{}",
     R"(map; answer error error error; put a; update {"MaximumRetryAttempts":1}; wait 1m)",
     "0:a 0.5:a", "0 0 1"},
    {"another function gets the next batch", "{}",
     R"(map; put a; update {"FunctionName":"other"}; put b)", "0:a 0:b", "2 2 0"},
    {"the answer of a batch under way counts after it was disabled", "{}",
     R"(map; answer hold; put a; update {"Enabled":false}; release ok; update {"Enabled":true}; put b)",
     "0:a 0:b", "2 2 0"},
    {"what failed while it was disabled is sent again", "{}",
     R"(map; answer hold; put a; update {"Enabled":false}; release error; update {"Enabled":true})",
     "0:a 0:a", "1 1 0"},
    // Restarts.
    {"a restart goes on where it was", "{}", "map; put a; restart; put b", "0:a 0:b", "1 1 0"},
    {"what came while it was gone is sent", R"({"StartingPosition":"LATEST"})",
     "map; put a; restart; restart; put b", "0:a 0:b", "1 1 0"},
    {"a batch under way is sent again", "{}", "map; answer hold; put a; restart", "0:a 0:a",
     "1 1 0"},
    {"a batch that waited is sent again at once", "{}", "map; answer error; put a; restart",
     "0:a 0:a", "1 1 0"},
    {"a restart in a window", R"({"MaximumBatchingWindowInSeconds":5})",
     "map; put a; wait 3s; restart; put b; wait 5s", "8:a,b", "1 2 0"},
    {"filtered records stay behind", R"({"FilterCriteria":{"Filters":[{"Pattern":
     "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[\"b\"]}}}}"}]}})",
     "map; put a; restart; put b", "0:b", "1 1 0"},
    // Halves and reported failures.
    {"a failed batch is halved", R"({"BisectBatchOnFunctionError":true})",
     "put a b c d; answer error ok error ok ok; map; wait 1m", "0:a,b,c,d 0.5:a,b 0.5:c,d 1:c 1:d",
     "3 4 0"},
    {"one bad record is given up, the others pass",
     R"({"BisectBatchOnFunctionError":true,"MaximumRetryAttempts":1})",
     "put a b; answer error error error ok; map; wait 1m", "0:a,b 0.5:a 1.5:a 1.5:b", "1 1 1"},
    {"halves need no retries", R"({"BisectBatchOnFunctionError":true,"MaximumRetryAttempts":0})",
     "put a b c; answer error error ok; map; wait 1m", "0:a,b,c 0.5:a 0.5:b,c", "1 2 1"},
    {"reported failures are not halved",
     R"({"BisectBatchOnFunctionError":true,"FunctionResponseTypes":["ReportBatchItemFailures"]})",
     R"(put a b; answer {"batchItemFailures":[{"itemIdentifier":"@a"}]}; map; wait 1s)",
     "0:a,b 0.5:a,b", "1 2 0"},
    {"records before the reported one are done",
     R"({"FunctionResponseTypes":["ReportBatchItemFailures"]})",
     R"(put a b c; answer {"batchItemFailures":[{"itemIdentifier":"@b"}]}; map; wait 1s)",
     "0:a,b,c 0.5:b,c", "2 3 0"},
    {"an empty list of failures is a success",
     R"({"FunctionResponseTypes":["ReportBatchItemFailures"]})",
     R"(put a b; answer {"batchItemFailures":[]}; map; wait 1m)", "0:a,b", "1 2 0"},
    {"a failure that names no record fails all",
     R"({"FunctionResponseTypes":["ReportBatchItemFailures"],"MaximumRetryAttempts":0})",
     R"(put a b; answer {"batchItemFailures":[{"itemIdentifier":"x"}]}; map; wait 1m)", "0:a,b",
     "0 0 2"},
    {"what is not asked for is not read", "{}",
     R"(put a b; answer {"batchItemFailures":[{"itemIdentifier":"x"}]}; map; wait 1m)", "0:a,b",
     "1 2 0"},
};

// Carries out the steps of a scenario.
class Player {
 public:
  explicit Player(const Scenario& scenario) : settings_(scenario.settings) {
    std::istringstream steps{std::string(scenario.steps)};
    for (std::string step; std::getline(steps, step, ';');) {
      Do(step.substr(step.find_first_not_of(' ')));
    }
  }

  TriggerFixture fixture;
  std::string uuid;

 private:
  void Do(const std::string& step) {
    const std::string word = step.substr(0, step.find(' '));
    const std::string rest = word == step ? "" : step.substr(word.size() + 1);
    if (word == "put") {
      fixture.Put(rest);
    } else if (word == "map") {
      uuid = fixture.Map(settings_);
    } else if (word == "answer") {
      Queue(rest);
    } else if (word == "wait") {
      fixture.Advance(ParseSpan(rest).value());
    } else if (word == "wait-for") {
      // As `wait`, though an invocation is under way when it is over.
      fixture.AdvanceWithHeld(ParseSpan(rest).value());
      return;
    } else if (word == "update") {
      fixture.Update(uuid, rest);
    } else if (word == "restart") {
      fixture.Restart();
    } else if (word == "release") {
      fixture.functions().Release(rest);
    } else {
      REQUIRE(word == "remove");
      fixture.functions().Remove("fn");
    }
    Settle();
  }

  void Queue(const std::string& answers) {
    if (answers.front() == '{') {
      std::string answer = answers;
      if (const std::size_t at = answer.find('@'); at != std::string::npos) {
        answer.replace(at, 2, NumberOf(answer.substr(at + 1, 1)));
      }
      fixture.functions().Answer(answer);
      return;
    }
    std::istringstream words(answers);
    for (std::string word; words >> word;) {
      fixture.functions().Answer(word);
      holds_ += word == "hold" ? 1 : 0;
    }
  }

  // The sequence number of the record with that key.
  std::string NumberOf(const std::string& key) {
    for (const Json& record : fixture.Records(fixture.arn())) {
      if (record["dynamodb"]["Keys"]["pk"]["S"] == key) {
        return record["dynamodb"]["SequenceNumber"];
      }
    }
    FAIL("there is no record of " << key);
    return "";
  }

  // An invocation that is held would be waited for. So, where there may be one, this waits until
  // all else has come to rest.
  void Settle() {
    if (holds_ == 0) {
      fixture.Settle();
    } else {
      fixture.AdvanceWithHeld(Micros(0));
    }
  }

  std::string settings_;
  int holds_ = 0;
};

TEST_CASE("Triggers send, wait, retry and give up as their settings say", "[triggers]") {
  for (const Scenario& scenario : kScenarios) {
    DYNAMIC_SECTION(scenario.name) {
      Player player(scenario);
      CHECK(player.fixture.functions().log() == scenario.invocations);
      if (!scenario.status.empty()) {
        const lambda::TriggerStatus status = player.fixture.Status(player.uuid);
        CHECK(std::to_string(status.batches) + " " + std::to_string(status.records) + " " +
                  std::to_string(status.dead_letters) ==
              scenario.status);
      }
    }
  }
}

}  // namespace
}  // namespace weir::testing
