// SPDX-License-Identifier: Apache-2.0
// The parsers that could read requests (docs/decisions/0007-the-parser-of-requests.md), each
// building the same: a flat list of nodes with their keys, texts and numbers, which own nothing of
// the body. RapidJSON's is the one that Weir has.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bench/micro/samples.h"
#include "protocol/json_tree.h"

namespace weir::bench {
namespace {

// The bodies of bench/compare's loads.
std::string Body(std::int64_t load) {
  const std::string item = SampleJson(1);
  switch (load) {
    case 0:  // GetItem
      return R"({"TableName":"bench","Key":{"pk":{"S":"key-0000000001"}}})";
    case 1:  // PutItem
      return R"({"TableName":"bench","Item":)" + item + "}";
    case 2:  // UpdateItem
      return R"({"TableName":"bench","Key":{"pk":{"S":"key-0000000001"}},"UpdateExpression":)"
             R"("SET #c = #c + :one, note = :note","ExpressionAttributeNames":{"#c":"count"},)"
             R"("ExpressionAttributeValues":{":one":{"N":"1"},":note":{"S":"seen"}}})";
    default: {  // BatchWriteItem of 25 items
      std::string body = R"({"RequestItems":{"bench":[)";
      for (int i = 0; i < 25; ++i) {
        body.append(i == 0 ? "" : ",").append(R"({"PutRequest":{"Item":)").append(item) += "}}";
      }
      return body + "]}}";
    }
  }
}

struct Node {
  std::string_view key;
  std::string_view text;
  std::int64_t integer = 0;
  std::uint32_t end = 0;  // of an array or object: the node after its last
};

struct Tree {
  std::vector<Node> nodes;
  std::vector<std::uint32_t> open;

  explicit Tree(std::size_t body_size) { nodes.reserve(body_size / 16 + 4); }
  void Open(std::string_view key) {
    open.push_back(static_cast<std::uint32_t>(nodes.size()));
    nodes.push_back({.key = key, .text = {}});
  }
  void Close() {
    nodes[open.back()].end = static_cast<std::uint32_t>(nodes.size());
    open.pop_back();
  }
};

// Texts are copied, because the parser gives each in a string of its own.
class NlohmannHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit NlohmannHandler(std::size_t body_size) : tree(body_size) { texts.reserve(body_size); }

  bool null() override { return Add({}, 0); }
  bool boolean(bool value) override { return Add({}, value ? 1 : 0); }
  bool number_integer(number_integer_t value) override { return Add({}, value); }
  bool number_unsigned(number_unsigned_t value) override {
    return Add({}, static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return Add(Copied(text), 0);
  }
  bool string(string_t& text) override { return Add(Copied(text), 0); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return Open(); }
  bool key(string_t& text) override {
    key_ = Copied(text);
    return true;
  }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t /*size*/) override { return Open(); }
  bool end_array() override { return Close(); }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) override {
    return false;
  }

  Tree tree;
  std::string texts;

 private:
  std::string_view Copied(const std::string& text) {
    const std::size_t begin = texts.size();
    texts += text;
    return std::string_view(texts).substr(begin);
  }
  bool Add(std::string_view text, std::int64_t integer) {
    tree.nodes.push_back({.key = key_, .text = text, .integer = integer});
    key_ = {};
    return true;
  }
  bool Open() {
    tree.Open(key_);
    key_ = {};
    return true;
  }
  bool Close() {
    tree.Close();
    return true;
  }

  std::string_view key_;
};

// Texts stay in the parser's own buffer: a tree that outlives the next body would have to copy
// them.
void Walk(simdjson::ondemand::value value, std::string_view key, Tree& tree) {
  switch (value.type()) {
    case simdjson::ondemand::json_type::object:
      tree.Open(key);
      for (auto field : value.get_object()) {
        const std::string_view name = field.unescaped_key();
        Walk(field.value(), name, tree);
      }
      tree.Close();
      break;
    case simdjson::ondemand::json_type::array:
      tree.Open(key);
      for (auto element : value.get_array()) {
        Walk(element.value(), {}, tree);
      }
      tree.Close();
      break;
    case simdjson::ondemand::json_type::string:
      tree.nodes.push_back({.key = key, .text = value.get_string()});
      break;
    case simdjson::ondemand::json_type::boolean:
      tree.nodes.push_back(
          {.key = key, .text = {}, .integer = static_cast<bool>(value.get_bool()) ? 1 : 0});
      break;
    default:
      tree.nodes.push_back({.key = key, .text = value.raw_json_token()});
      break;
  }
}

void ParseRapidJson(benchmark::State& state) {
  const std::string body = Body(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(protocol::JsonTree::Parse(body));
  }
}

void ParseNlohmann(benchmark::State& state) {
  const std::string body = Body(state.range(0));
  for (auto _ : state) {
    NlohmannHandler handler(body.size());
    if (!nlohmann::json::sax_parse(body, &handler)) {
      throw std::logic_error("not JSON");
    }
    benchmark::DoNotOptimize(handler.tree.nodes.data());
  }
}

void ParseSimdjson(benchmark::State& state) {
  const std::string body = Body(state.range(0));
  simdjson::ondemand::parser parser;
  for (auto _ : state) {
    std::vector<char> padded(body.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(padded.data(), body.data(), body.size());
    Tree tree(body.size());
    auto document = parser.iterate(padded.data(), body.size(), padded.size());
    Walk(document.get_value(), {}, tree);
    benchmark::DoNotOptimize(tree.nodes.data());
  }
}

// GetItem, PutItem, UpdateItem, BatchWriteItem.
BENCHMARK(ParseRapidJson)->DenseRange(0, 3);
BENCHMARK(ParseNlohmann)->DenseRange(0, 3);
BENCHMARK(ParseSimdjson)->DenseRange(0, 3);

}  // namespace
}  // namespace weir::bench
