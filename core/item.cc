// SPDX-License-Identifier: Apache-2.0
#include "core/item.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace weir {

Item Item::FromContents(std::string_view contents) {
  static_assert(offsetof(Rep, aws_extra) + sizeof(Rep::aws_extra) == Rep::kSize);
  const auto aws_size = static_cast<std::uint32_t>(AwsSize(MapView(contents)));
  const std::int64_t extra = std::int64_t{aws_size} - static_cast<std::int64_t>(contents.size());
  const bool size_behind = extra <= Rep::kSizeBehind || extra > INT16_MAX;
  const std::size_t size = Rep::kSize + contents.size() + (size_behind ? sizeof aws_size : 0);
  Rep* rep = new (::operator new(std::max(size, sizeof(Rep)))) Rep;
  rep->bytes = static_cast<std::uint32_t>(contents.size());
  rep->aws_extra = size_behind ? Rep::kSizeBehind : static_cast<std::int16_t>(extra);
  char* const end = std::copy(contents.begin(), contents.end(), rep->Contents());
  if (size_behind) {
    std::memcpy(end, &aws_size, sizeof aws_size);
  }
  return Item(rep);
}

std::size_t Item::Rep::SizeBehind() const {
  std::uint32_t size = 0;
  std::memcpy(&size, Contents() + bytes, sizeof size);
  return size;
}

void Item::Destroy(Rep* rep) {
  rep->~Rep();
  ::operator delete(rep);
}

}  // namespace weir
