// SPDX-License-Identifier: Apache-2.0
// Requests, one after the other, through the whole protocol, on a database with data:
//
//   input   := request*          at most kMaxRequests of them
//   request := operation '\n' body '\n'
//
// A name that is no operation stands for one that Weir has, which its first byte picks. So nearly
// all inputs reach an operation.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/shape.h"
#include "services/dynamodb/operations.h"
#include "services/dynamodb/shapes/shapes.h"
#include "tests/fuzz/fuzz_database.h"
#include "tests/fuzz/json_mutator.h"

namespace weir::fuzz {
namespace {

constexpr int kMaxRequests = 8;

std::vector<std::string_view> Implemented() {
  std::vector<std::string_view> names;
  for (const auto& room : dynamodb::kRooms) {
    for (const dynamodb::OperationEntry& entry : room()) {
      names.push_back(entry.name);
    }
  }
  return names;
}

std::string_view OperationOf(std::string_view line) {
  static const std::vector<std::string_view> implemented = Implemented();
  for (const protocol::OperationShape& shape : dynamodb::AllOperationShapes()) {
    if (shape.name == line) {
      return shape.name;
    }
  }
  const unsigned char first = line.empty() ? 0 : static_cast<unsigned char>(line.front());
  return implemented[first % implemented.size()];
}

std::string_view TakeLine(std::string_view& input) {
  const std::string_view line = input.substr(0, input.find('\n'));
  input.remove_prefix(std::min(line.size() + 1, input.size()));
  return line;
}

void Run(std::string_view input) {
  // Kept from input to input while no request changes it: making a database takes much longer than
  // answering a request, and most requests only read.
  static std::unique_ptr<FuzzDatabase> database;
  if (database == nullptr) {
    database = std::make_unique<FuzzDatabase>();
  }
  for (int requests = 0; !input.empty() && requests < kMaxRequests; ++requests) {
    const std::string_view operation = OperationOf(TakeLine(input));
    database->Call(operation, std::string(TakeLine(input)));
  }
  if (database->changed()) {
    database->ReadEverything();
    database.reset();
  }
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

// Every other time it changes a JSON value into another, else bytes.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  if (seed % 2 == 0) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string changed = weir::fuzz::MutateRequests(input, seed / 2);
    if (!changed.empty() && changed.size() <= max_size) {
      std::copy(changed.begin(), changed.end(), data);
      return changed.size();
    }
  }
  return LLVMFuzzerMutate(data, size, max_size);
}
