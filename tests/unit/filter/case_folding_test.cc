// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/case_folding.h"

#include <catch2/catch.hpp>
#include <string>

namespace weir::consumers {
namespace {

TEST_CASE("FoldCase turns letters into lower case", "[filter][case]") {
  CHECK(FoldCase("AZaz@[`{09") == "azaz@[`{09");
  CHECK(FoldCase("ÀÖØÞ×ß÷ÿŸ") == "àöøþ×ß÷ÿÿ");
  CHECK(FoldCase("ĀĲĹŊŹžİı") == "āĳĺŋźžİı");
  CHECK(FoldCase("ΆΈΌΎΑΡΣΫς") == "άέόύαρσϋς");
  CHECK(FoldCase("ЀЏАЯЁҐӁӐ") == "ѐџаяёґӂӑ");
  CHECK(FoldCase("ḀẠỸ") == "ḁạỹ");
  CHECK(FoldCase("中\U0001F600\U00010400") == "中\U0001F600\U00010400");
}

TEST_CASE("FoldCase keeps bytes that are not UTF-8", "[filter][case]") {
  CHECK(FoldCase("\xC3") == "\xC3");
  CHECK(FoldCase("\xE1\xB8") == "\xE1\xB8");
  CHECK(FoldCase("\x80\xFF"
                 "A") ==
        "\x80\xFF"
        "a");
}

TEST_CASE("FoldsTo compares without the case", "[filter][case]") {
  CHECK(FoldsTo("ŁÓDŹ", FoldCase("łódź")));
  CHECK_FALSE(FoldsTo("ŁÓDŹ", FoldCase("łódz")));
  CHECK_FALSE(FoldsTo("ab", "abc"));
  CHECK_FALSE(FoldsTo("\xC3", "a"));
}

}  // namespace
}  // namespace weir::consumers
