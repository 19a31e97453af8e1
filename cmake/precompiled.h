// SPDX-License-Identifier: Apache-2.0
// The standard headers that most sources include. Presets that only test are built with this file
// compiled beforehand (WEIR_PRECOMPILED in WeirTargets.cmake); no source relies on it, which the
// release preset and clang-tidy, both without it, prove.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>
