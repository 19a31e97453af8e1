// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/policy_document.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "core/limits.h"
#include "core/text.h"
#include "protocol/json_text.h"
#include "protocol/json_tree.h"

namespace weir::dynamodb {
namespace {

constexpr std::array<std::string_view, 3> kDocumentOrder = {"Version", "Id", "Statement"};
constexpr std::array<std::string_view, 9> kStatementOrder = {
    "Sid",       "Effect",   "Principal",   "NotPrincipal", "Action",
    "NotAction", "Resource", "NotResource", "Condition"};
constexpr std::string_view kDefaultVersion = "2008-10-17";
constexpr std::size_t kAccountDigits = 12;

ApiError Invalid(std::string_view reason) {
  return InvalidParameter("Invalid policy document: " + std::string(reason));
}

// Whether `node` is, or has anywhere within it, a string that `accepts` accepts.
bool Matches(const protocol::JsonNode& node, bool (*accepts)(std::string_view)) {
  if (node.kind() == protocol::JsonKind::kString) {
    return accepts(node.text());
  }
  for (const protocol::JsonNode child : node) {
    if (Matches(child, accepts)) {
      return true;
    }
  }
  return false;
}

bool IsEverybody(const protocol::JsonNode& statement) {
  const std::optional<protocol::JsonNode> principal = statement.Find("Principal");
  return principal.has_value() && !statement.Find("Condition").has_value() &&
         Matches(*principal, [](std::string_view text) { return text == "*"; });
}

bool CoversPutResourcePolicy(const protocol::JsonNode& statement) {
  const std::optional<protocol::JsonNode> action = statement.Find("Action");
  return action.has_value() && Matches(*action, [](std::string_view text) {
           return text == "*" || EqualsIgnoreCase(text, "dynamodb:*") ||
                  EqualsIgnoreCase(text, "dynamodb:PutResourcePolicy");
         });
}

class PolicyReader {
 public:
  PolicyDocument Read(std::string_view text) {
    PolicyDocument document;
    const Status status = ReadText(text);
    if (!status.ok()) {
      document.fault = status.error();
    } else {
      document.text = std::move(out_);
      document.locks_out = locks_out_;
    }
    return document;
  }

 private:
  Status ReadText(std::string_view text) {
    if (text.size() > limits::kResourcePolicySize) {
      return InvalidParameter("Maximum policy size of " +
                              std::to_string(limits::kResourcePolicySize) + " bytes exceeded");
    }
    const std::optional<protocol::JsonTree> tree = protocol::JsonTree::Parse(text);
    if (tree.has_value() && tree->root().kind() == protocol::JsonKind::kNull) {
      return Invalid("This text appears not to be a policy");
    }
    if (!tree.has_value() || tree->root().kind() != protocol::JsonKind::kObject) {
      return Invalid("This policy contains invalid Json");
    }
    return Document(tree->root());
  }

  Status Document(const protocol::JsonNode& root) {
    if (root.size() == 0) {
      return Invalid("Syntax error at position (1,3)");
    }
    const std::optional<protocol::JsonNode> statements = root.Find("Statement");
    if (!statements.has_value()) {
      return Invalid("Missing required field Statement");
    }
    WEIR_RETURN_IF_ERROR(CheckStatements(*statements));
    out_ += "{\"Version\":";
    const std::optional<protocol::JsonNode> version = root.Find("Version");
    protocol::AppendJsonString(version.has_value() ? version->text() : kDefaultVersion, out_);
    const auto write = [this](const protocol::JsonNode& member) {
      member.key() == "Statement" ? Statements(member) : Value(member);
    };
    Members(root, std::span(kDocumentOrder).subspan(1), write, kDocumentOrder.front());
    out_ += '}';
    return {};
  }

  Status CheckStatements(const protocol::JsonNode& statements) {
    if (statements.kind() == protocol::JsonKind::kObject) {
      return CheckStatement(statements);
    }
    if (statements.kind() != protocol::JsonKind::kArray) {
      return Invalid("This policy contains invalid Json");
    }
    if (statements.size() == 0) {
      return Invalid("Could not parse the policy: Statement is empty!");
    }
    for (const protocol::JsonNode statement : statements) {
      WEIR_RETURN_IF_ERROR(CheckStatement(statement));
    }
    return {};
  }

  Status CheckStatement(const protocol::JsonNode& statement) {
    const auto has = [&](std::string_view name) { return statement.Find(name).has_value(); };
    const std::optional<protocol::JsonNode> effect = statement.Find("Effect");
    if (!effect.has_value()) {
      return Invalid("Missing required field Effect");
    }
    const bool allows = EqualsIgnoreCase(effect->text(), "Allow");
    if (!allows && !EqualsIgnoreCase(effect->text(), "Deny")) {
      return Invalid("Invalid effect: " + std::string(effect->text()));
    }
    for (const std::string name : {"Principal", "Action", "Resource"}) {
      if (!has(name) && !has("Not" + name)) {
        return Invalid("Missing required field " + name);
      }
    }
    const std::optional<protocol::JsonNode> sid = statement.Find("Sid");
    if (sid.has_value() && !sids_.insert(std::string(sid->text())).second) {
      return Invalid("The Statement Ids in the policy are not unique");
    }
    if (IsEverybody(statement)) {
      if (allows) {
        return ValidationError(
            "Resource-based policy grants unbounded access in one or more elements. Please revise "
            "the policy to ensure least-privilege form of access");
      }
      locks_out_ = locks_out_ || CoversPutResourcePolicy(statement);
    }
    return {};
  }

  // Writes the members of `object`, their values by `write`: first those in `order`, then the
  // others as sent. Leaves out the member `written`.
  template <class Write>
  void Members(const protocol::JsonNode& object, std::span<const std::string_view> order,
               Write write, std::string_view written = {}) {
    const auto member = [&](const protocol::JsonNode& node) {
      if (out_.back() != '{') {
        out_ += ',';
      }
      protocol::AppendJsonString(node.key(), out_);
      out_ += ':';
      write(node);
    };
    for (const std::string_view name : order) {
      if (const std::optional<protocol::JsonNode> node = object.Find(name)) {
        member(*node);
      }
    }
    for (const protocol::JsonNode node : object) {
      const bool known = std::find(order.begin(), order.end(), node.key()) != order.end();
      if (!known && (written.empty() || node.key() != written)) {
        member(node);
      }
    }
  }

  void Statements(const protocol::JsonNode& statements) {
    out_ += '[';
    if (statements.kind() == protocol::JsonKind::kObject) {
      Statement(statements);
    } else {
      for (const protocol::JsonNode statement : statements) {
        if (out_.back() != '[') {
          out_ += ',';
        }
        Statement(statement);
      }
    }
    out_ += ']';
  }

  void Statement(const protocol::JsonNode& statement) {
    out_ += '{';
    Members(statement, kStatementOrder, [this](const protocol::JsonNode& member) {
      const std::string_view name = member.key();
      if (name == "Effect") {
        protocol::AppendJsonString(EqualsIgnoreCase(member.text(), "Allow") ? "Allow" : "Deny",
                                   out_);
      } else if (name.ends_with("Principal") && member.kind() == protocol::JsonKind::kObject) {
        out_ += '{';
        Members(member, {},
                [this](const protocol::JsonNode& principal) { OneOrMany(principal, true); });
        out_ += '}';
      } else {
        OneOrMany(member, false);
      }
    });
    out_ += '}';
  }

  void OneOrMany(const protocol::JsonNode& node, bool principals) {
    if (node.kind() == protocol::JsonKind::kArray && node.size() == 1) {
      Value(*node.begin(), principals);
    } else {
      Value(node, principals);
    }
  }

  void Value(const protocol::JsonNode& node, bool principals = false) {
    switch (node.kind()) {
      case protocol::JsonKind::kNull:
        out_ += "null";
        break;
      case protocol::JsonKind::kFalse:
        out_ += "false";
        break;
      case protocol::JsonKind::kTrue:
        out_ += "true";
        break;
      case protocol::JsonKind::kInteger:
        protocol::AppendJsonInteger(node.integer(), out_);
        break;
      case protocol::JsonKind::kDecimal:
        out_ += node.text();
        break;
      case protocol::JsonKind::kString:
        protocol::AppendJsonString(principals ? PrincipalOf(node.text()) : std::string(node.text()),
                                   out_);
        break;
      case protocol::JsonKind::kArray:
        out_ += '[';
        for (const protocol::JsonNode element : node) {
          if (out_.back() != '[') {
            out_ += ',';
          }
          Value(element, principals);
        }
        out_ += ']';
        break;
      case protocol::JsonKind::kObject:
        out_ += '{';
        Members(node, {}, [this](const protocol::JsonNode& member) { Value(member); });
        out_ += '}';
        break;
    }
  }

  static std::string PrincipalOf(std::string_view text) {
    const bool account =
        text.size() == kAccountDigits &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return account ? "arn:aws:iam::" + std::string(text) + ":root" : std::string(text);
  }

  std::string out_;
  std::set<std::string> sids_;
  bool locks_out_ = false;
};

}  // namespace

PolicyDocument ReadPolicyDocument(std::string_view text) {
  return PolicyReader().Read(text);
}

}  // namespace weir::dynamodb
