// SPDX-License-Identifier: Apache-2.0
#include "protocol/check_echo.h"

#include <optional>
#include <string_view>

#include "core/base64.h"
#include "core/text.h"
#include "protocol/check_fault.h"
#include "protocol/check_types.h"

namespace weir::protocol {
namespace {

// The base of both forms: the text so far, and its limit.
class EchoWriter {
 public:
  [[nodiscard]] std::string Take() && {
    if (full()) {
      out_.resize(TruncateUtf8(out_, kMaxEchoSize).size());
    }
    return std::move(out_);
  }

 protected:
  [[nodiscard]] bool full() const { return out_.size() > kMaxEchoSize; }
  void Write(std::string_view text) { out_ += text.substr(0, kMaxEchoSize + 1); }
  std::string& out() { return out_; }

  void WriteScalar(const JsonNode& node, const Shape& shape) {
    if (shape.kind == ShapeKind::kBoolean) {
      Write(ReadBoolean(node).value_or(false) ? "true" : "false");
    } else if (shape.kind == ShapeKind::kInteger) {
      Write(std::to_string(ReadInteger(node)));
    } else if (shape.kind == ShapeKind::kLong || node.kind() == JsonKind::kInteger) {
      Write(std::to_string(node.integer()));
    } else {
      Write(node.text());
    }
  }

 private:
  std::string out_;
};

class JavaWriter : public EchoWriter {
 public:
  void Value(const std::optional<JsonNode>& node, const Shape& shape) {
    if (full()) {
      return;
    }
    if (!node || node->kind() == JsonKind::kNull) {
      Write("null");
      return;
    }
    switch (shape.kind) {
      case ShapeKind::kStructure:
        return Structure(*node, shape);
      case ShapeKind::kList:
        return List(*node, shape);
      case ShapeKind::kMap:
        return Map(*node, shape);
      case ShapeKind::kBlob:
        return Blob(*node);
      default:
        return WriteScalar(*node, shape);
    }
  }

 private:
  void Structure(const JsonNode& node, const Shape& shape) {
    Write(shape.name);
    Write("(");
    std::string_view separator;
    if (shape.echo.empty()) {
      for (const ShapeMember& member : shape.members) {
        Write(separator);
        AppendLowerFirst(member.name, out());
        Write("=");
        Value(node.Find(member.name), *member.shape);
        separator = ", ";
      }
    } else {
      for (const std::string_view field : shape.echo) {
        Write(separator);
        Write(field);
        Write("=");
        Field(node, shape, field);
        separator = ", ";
      }
    }
    Write(")");
  }

  // Writes the value of a field of the Java class. A field without a member in the model is always
  // null.
  void Field(const JsonNode& node, const Shape& shape, std::string_view field) {
    for (const ShapeMember& member : shape.members) {
      std::string name;
      AppendLowerFirst(member.name, name);
      if (name == field) {
        return Value(node.Find(member.name), *member.shape);
      }
    }
    Write("null");
  }

  void List(const JsonNode& node, const Shape& shape) {
    Write("[");
    std::string_view separator;
    for (const JsonNode child : node) {
      if (full()) {
        return;
      }
      Write(separator);
      Value(child, *shape.element);
      separator = ", ";
    }
    Write("]");
  }

  void Map(const JsonNode& node, const Shape& shape) {
    Write("{");
    std::string_view separator;
    for (const JsonNode child : node) {
      if (full()) {
        return;
      }
      Write(separator);
      Write(child.key());
      Write("=");
      Value(child, *shape.element);
      separator = ", ";
    }
    Write("}");
  }

  void Blob(const JsonNode& node) {
    const std::string size = std::to_string(DecodedBase64Size(node.text()));
    Write("java.nio.HeapByteBuffer[pos=0 lim=" + size + " cap=" + size + "]");
  }
};

class JsonWriter : public EchoWriter {
 public:
  void Value(const JsonNode& node, const Shape& shape) {
    if (full()) {
      return;
    }
    if (node.kind() == JsonKind::kNull) {
      Write("null");
    } else if (shape.kind == ShapeKind::kStructure || shape.kind == ShapeKind::kMap) {
      Object(node, shape);
    } else if (shape.kind == ShapeKind::kList) {
      List(node, shape);
    } else if (shape.kind == ShapeKind::kString || shape.kind == ShapeKind::kBlob) {
      Quoted(node.text());
    } else {
      WriteScalar(node, shape);
    }
  }

 private:
  static const Shape* ShapeOf(const JsonNode& child, const Shape& parent) {
    if (parent.kind == ShapeKind::kMap) {
      return parent.element;
    }
    for (const ShapeMember& member : parent.members) {
      if (member.name == child.key()) {
        return member.shape;
      }
    }
    return nullptr;
  }

  void Object(const JsonNode& node, const Shape& shape) {
    Write("{");
    std::string_view separator;
    for (const JsonNode child : node) {
      const Shape* const child_shape = ShapeOf(child, shape);
      if (full() || child_shape == nullptr || child.kind() == JsonKind::kNull) {
        continue;
      }
      Write(separator);
      Quoted(child.key());
      Write(":");
      Value(child, *child_shape);
      separator = ",";
    }
    Write("}");
  }

  void List(const JsonNode& node, const Shape& shape) {
    Write("[");
    std::string_view separator;
    for (const JsonNode child : node) {
      if (full()) {
        return;
      }
      Write(separator);
      Value(child, *shape.element);
      separator = ",";
    }
    Write("]");
  }

  void Quoted(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    Write("\"");
    for (const char c : text.substr(0, kMaxEchoSize + 1)) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out() += '\\';
        out() += c;
      } else if (byte < 0x20) {
        Write("\\u00");
        out() += kHex[byte >> 4];
        out() += kHex[byte & 0xF];
      } else {
        out() += c;
      }
    }
    Write("\"");
  }
};

}  // namespace

std::string JavaEcho(const JsonNode& node, const Shape& shape) {
  JavaWriter writer;
  writer.Value(node, shape);
  return std::move(writer).Take();
}

std::string JsonEcho(const JsonNode& node, const Shape& shape) {
  JsonWriter writer;
  writer.Value(node, shape);
  return std::move(writer).Take();
}

}  // namespace weir::protocol
