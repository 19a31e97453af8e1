// SPDX-License-Identifier: Apache-2.0
// Gives random token sequences to all parsers. Each must be parsed or refused.
#include <catch2/catch.hpp>
#include <cstddef>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "expression/condition.h"
#include "expression/key_condition.h"
#include "expression/projection.h"
#include "expression/update.h"
#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

constexpr unsigned kSeed = 20261123;
constexpr int kRounds = 20000;

constexpr std::string_view kTokens[] = {"a",
                                        "b",
                                        "l",
                                        "m",
                                        "abort",
                                        "#a",
                                        "#x",
                                        ":n",
                                        ":s",
                                        ":l",
                                        ":x",
                                        "0",
                                        "17",
                                        "99999999999",
                                        ".",
                                        ",",
                                        "(",
                                        ")",
                                        "[",
                                        "]",
                                        "=",
                                        "<>",
                                        "<",
                                        "<=",
                                        ">",
                                        ">=",
                                        "+",
                                        "-",
                                        "AND",
                                        "or",
                                        "NOT",
                                        "between",
                                        "IN",
                                        "SET",
                                        "remove",
                                        "ADD",
                                        "DELETE",
                                        "size",
                                        "contains",
                                        "begins_with",
                                        "attribute_exists",
                                        "attribute_type",
                                        "if_not_exists",
                                        "list_append",
                                        "foo",
                                        "_",
                                        "\"",
                                        "é",
                                        "\xF0\x9F",
                                        "\xFF",
                                        "#",
                                        ":",
                                        "\t"};

// Valid sequences to mix with the random ones: random tokens alone rarely get past the first few.
constexpr std::string_view kPhrases[] = {"a = :n",
                                         "l[0].x",
                                         "contains(a, :s)",
                                         "size(m) > :n",
                                         "(a = b)",
                                         "a IN (:n, b)",
                                         "NOT",
                                         "AND",
                                         "OR",
                                         "SET a = :n",
                                         "REMOVE l[1]",
                                         "ADD b :n",
                                         "b = a + :n",
                                         "m.x = list_append(l, :l)",
                                         "DELETE a :s",
                                         "#a BETWEEN :n AND :n",
                                         "if_not_exists(a, :n)",
                                         ",",
                                         "pk = :s"};

class Soup {
 public:
  std::string Make() {
    std::string text;
    for (std::size_t words = 1 + random_() % 12; words > 0; --words) {
      text.append(random_() % 2 == 0 ? Pick(kTokens) : Pick(kPhrases));
      text.append(random_() % 3 == 0 ? "" : " ");
    }
    return text;
  }

 private:
  template <std::size_t size>
  std::string_view Pick(const std::string_view (&from)[size]) {
    return from[random_() % size];
  }

  std::mt19937 random_{kSeed};
};

// Checks what every refusal must have.
void CheckRefusal(const ApiError& error) {
  CHECK(error.code == ErrorCode::kValidation);
  CHECK_FALSE(error.message.empty());
}

}  // namespace

TEST_CASE("No sequence of tokens breaks a parser", "[expression][random]") {
  INFO("seed " << kSeed);
  const std::vector<std::pair<std::string, std::string>> names = {{"#a", "a"}};
  const Item values = Parse("{:n=1 :s='x' :l=[1]}");
  const Item item = Parse("{a=1 b='x' l=[1 {x=2}] m={x=[3]} pk='x'}");
  Soup soup;
  std::size_t accepted = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = soup.Make();
    CAPTURE(text);
    Placeholders placeholders{Placeholders::NameList(names), values.attributes()};
    const auto condition = Condition::Parse(ConditionKind::kCondition, text, placeholders);
    if (condition.ok()) {
      // Evaluation is a pure function: it gives the same outcome twice.
      CHECK(condition.value().Evaluate(item.attributes()) ==
            condition.value().Evaluate(item.attributes()));
      ++accepted;
    } else {
      CheckRefusal(condition.error());
    }
    const auto projection = Projection::Parse(text, placeholders);
    if (projection.ok()) {
      CHECK(projection.value().Apply(item.attributes()).aws_size() <= item.aws_size());
      ++accepted;
    } else {
      CheckRefusal(projection.error());
    }
    const auto update = Update::Parse(text, placeholders);
    if (update.ok()) {
      const Result<Item> after = update.value().Apply(item, MapView());
      if (!after.ok()) {
        CheckRefusal(after.error());
      }
      ++accepted;
    } else {
      CheckRefusal(update.error());
    }
    const auto keys = KeyConditions::Parse(text, placeholders);
    if (!keys.ok()) {
      CheckRefusal(keys.error());
    }
  }
  // Enough sequences are parsed to test what comes after the parsers.
  CHECK(accepted > kRounds / 50);
}

}  // namespace weir::expression
