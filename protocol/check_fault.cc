// SPDX-License-Identifier: Apache-2.0
#include "protocol/check_fault.h"

#include <cassert>

#include "core/text.h"

namespace weir::protocol {

MemberPath MemberPath::Element(const MemberPath& list, std::uint32_t number) {
  MemberPath path(&list, {});
  path.number_ = number;
  return path;
}

MemberPath MemberPath::Value(const MemberPath& map, std::string_view key) {
  MemberPath path(&map, TruncateUtf8(key, kMaxEchoSize));
  path.in_map_ = true;
  return path;
}

void MemberPath::AppendTo(std::string& out) const {
  if (parent_ != nullptr) {
    parent_->AppendTo(out);
    out += '.';
  }
  if (number_ > 0) {
    out += std::to_string(number_);
    out += ".member";
  } else if (in_map_) {
    out += name_;
    out += ".member";
  } else {
    AppendLowerFirst(name_, out);
  }
}

void AppendLowerFirst(std::string_view name, std::string& out) {
  const std::size_t first = out.size();
  out += name;
  if (!name.empty() && name.front() >= 'A' && name.front() <= 'Z') {
    out[first] = static_cast<char>(name.front() - 'A' + 'a');
  }
}

std::string UnechoedFault(std::string_view path, std::string_view rule) {
  std::string text = "Value at '";
  text += path;
  text += "' failed to satisfy constraint: Member must ";
  text += rule;
  return text;
}

std::string EchoedFault(const MemberPath& path, std::string_view echo, std::string_view rule) {
  std::string text = "Value ";
  if (echo.data() == nullptr) {
    text += "null";
  } else {
    text += '\'';
    text += echo;
    text += '\'';
  }
  text += " at '";
  path.AppendTo(text);
  text += "' failed to satisfy constraint: ";
  text += rule;
  return text;
}

void FaultList::Add(std::string fault) {
  if (!full()) {
    faults_.push_back(std::move(fault));
  }
}

void FaultList::AddBare(std::string text) {
  faults_.clear();
  faults_.push_back(std::move(text));
  bare_ = true;
}

ApiError FaultList::ToError() const {
  assert(!empty());
  if (bare_) {
    return ValidationError(faults_.front());
  }
  std::string text = std::to_string(faults_.size());
  text += faults_.size() == 1 ? " validation error detected: " : " validation errors detected: ";
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    text += i == 0 ? "" : "; ";
    text += faults_[i];
  }
  return ValidationError(std::move(text));
}

}  // namespace weir::protocol
