// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or the error that stands in its place.
#pragma once

#include <cassert>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/api_error.h"

namespace weir {

// Holds either a T or an error of type E: an ApiError, as the client receives it, or, below the
// services, a fault, which they word. To read the one that it does not hold is a bug (asserted).
// Not thread-safe.
template <class T, class E = ApiError>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }

  [[nodiscard]] const T& value() const& { return *Get(); }
  [[nodiscard]] T& value() & { return const_cast<T&>(*std::as_const(*this).Get()); }
  [[nodiscard]] T&& value() && { return std::move(value()); }

  [[nodiscard]] const E& error() const& { return *GetError(); }
  [[nodiscard]] E&& error() && { return std::move(const_cast<E&>(*GetError())); }

 private:
  const T* Get() const {
    const T* value = std::get_if<0>(&state_);
    assert(value != nullptr);
    return value;
  }
  const E* GetError() const {
    const E* error = std::get_if<1>(&state_);
    assert(error != nullptr);
    return error;
  }

  std::variant<T, E> state_;
};

// Success, or an error.
template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  [[nodiscard]] const E& error() const& {
    assert(!ok());
    return *error_;
  }
  [[nodiscard]] E&& error() && {
    assert(!ok());
    return std::move(*error_);
  }

 private:
  std::optional<E> error_;
};

using Status = Result<void>;

}  // namespace weir

// NOLINTBEGIN(bugprone-macro-parentheses): `lhs` may be a declaration.
// Returns the error of `expression` from the enclosing function, if it has one.
#define WEIR_RETURN_IF_ERROR(expression)                      \
  do {                                                        \
    if (auto weir_status = (expression); !weir_status.ok()) { \
      return std::move(weir_status).error();                  \
    }                                                         \
  } while (false)

#define WEIR_CONCAT_INNER(a, b) a##b
#define WEIR_CONCAT(a, b) WEIR_CONCAT_INNER(a, b)

// WEIR_ASSIGN_OR_RETURN(auto x, F()): declares x from F()'s value, or returns F()'s error.
#define WEIR_ASSIGN_OR_RETURN(lhs, expression) \
  WEIR_ASSIGN_OR_RETURN_IMPL(lhs, expression, WEIR_CONCAT(weir_result_, __LINE__))
#define WEIR_ASSIGN_OR_RETURN_IMPL(lhs, expression, result) \
  auto result = (expression);                               \
  if (!result.ok()) {                                       \
    return std::move(result).error();                       \
  }                                                         \
  lhs = std::move(result).value()
// NOLINTEND(bugprone-macro-parentheses)
