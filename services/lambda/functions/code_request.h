// SPDX-License-Identifier: Apache-2.0
// The code that CreateFunction and UpdateFunctionCode are given.
// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/lambda/errors.h"
#include "services/lambda/functions/code_store.h"
#include "services/lambda/functions/function.h"
#include "services/lambda/functions/member_reader.h"

namespace weir::lambda {

// Where the code of a request is.
struct CodeRequest {
  std::optional<std::string_view> zip;  // Base64, in the request
  std::optional<std::string_view> bucket;
  std::optional<std::string_view> key;
  std::optional<LambdaError> refusal;  // see ConfigurationRequest
};
CodeRequest ReadCodeRequest(MemberReader& members);
// Stores the code. Fails as CodeStore::Put does, or if there is none.
LambdaResult<Code> StoreCode(const CodeRequest& request, CodeStore& store);

// "x86_64" or "arm64"; nullopt if the request does not say.
std::optional<std::string> ReadArchitecture(MemberReader& members);

}  // namespace weir::lambda
