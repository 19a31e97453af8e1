// SPDX-License-Identifier: Apache-2.0
#include "core/item.h"

#include <cstring>
#include <new>

namespace weir {

Item Item::FromContents(std::string_view contents) {
  void* memory = ::operator new(sizeof(Rep) + contents.size());
  Rep* rep = new (memory) Rep;
  rep->bytes = static_cast<std::uint32_t>(contents.size());
  if (!contents.empty()) {
    std::memcpy(rep->Bytes(), contents.data(), contents.size());
  }
  rep->aws_size = static_cast<std::uint32_t>(AwsSize(MapView(contents)));
  return Item(rep);
}

void Item::Destroy(Rep* rep) {
  rep->~Rep();
  ::operator delete(rep);
}

}  // namespace weir
