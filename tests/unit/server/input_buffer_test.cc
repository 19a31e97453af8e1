// SPDX-License-Identifier: Apache-2.0
#include "server/input_buffer.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <string>

namespace weir::server {
namespace {

void Append(InputBuffer& buffer, std::string_view text) {
  const InputBuffer::Room room = buffer.Prepare(text.size());
  REQUIRE(room.size >= text.size());
  std::memcpy(room.data, text.data(), text.size());
  buffer.Commit(text.size());
}

TEST_CASE("An input buffer keeps bytes in order through growth and reuse", "[server][input]") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  InputBuffer buffer(8);
  std::string expected;
  for (int step = 0; step < 2000; ++step) {
    const std::string text(random() % 20, static_cast<char>('a' + step % 26));
    Append(buffer, text);
    expected += text;
    const std::size_t taken = random() % (expected.size() + 1);
    buffer.Consume(taken);
    expected.erase(0, taken);
    REQUIRE(buffer.data() == expected);
  }
}

TEST_CASE("An input buffer that is emptied does not grow", "[server][input]") {
  InputBuffer buffer(8);
  for (int step = 0; step < 100; ++step) {
    Append(buffer, "12345");
    buffer.Consume(5);
  }
  CHECK(buffer.capacity() == 8);
}

}  // namespace
}  // namespace weir::server
