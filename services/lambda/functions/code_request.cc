// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/code_request.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/base64.h"
#include "core/result.h"
#include "services/lambda/functions/configuration_request.h"

namespace weir::lambda {
namespace {

using protocol::JsonNode;
using protocol::MemberPath;

constexpr std::array<std::string_view, 2> kArchitectures = {"x86_64", "arm64"};

// The zip of a folder that a function is to run from.
LambdaResult<Code> HotCode(const CodeRequest& request) {
  const std::filesystem::path folder(std::string(request.key.value_or("")));
  std::error_code error;
  const bool is_path = folder.native().find('\0') == std::string::npos && folder.is_absolute();
  if (!is_path || !std::filesystem::is_directory(folder, error)) {
    return InvalidParameterValue(
        "With the S3Bucket hot-reload, S3Key must be the absolute path of a folder on the machine "
        "on which Weir runs");
  }
  return Code{.sha256 = {}, .size = 0, .zip = nullptr, .folder = folder};
}

}  // namespace

CodeRequest ReadCodeRequest(MemberReader& members) {
  CodeRequest request;
  request.zip = members.Text("ZipFile");
  request.bucket = members.Text("S3Bucket", {.min = 3, .max = 63});
  request.key = members.Text("S3Key", {.min = 1, .max = 1024});
  for (const std::string_view name :
       {"ImageUri", "S3ObjectVersion", "S3ObjectStorageMode", "SourceKMSKeyArn", "PublishTo"}) {
    if (!members.Text(name).value_or("").empty()) {
      RefuseByName(name, request.refusal);
    }
  }
  if (request.bucket.has_value() && *request.bucket != "hot-reload") {
    Refuse(
        "Code from S3 is not supported by Weir yet: send it as ZipFile, or give hot-reload as "
        "S3Bucket and the path of a folder as S3Key",
        request.refusal);
  }
  return request;
}

LambdaResult<Code> StoreCode(const CodeRequest& request, CodeStore& store) {
  if (request.bucket.has_value()) {
    return HotCode(request);
  }
  if (!request.zip.has_value()) {
    return InvalidParameterValue("Please provide a source for function code.");
  }
  std::string zip;
  if (DecodeBase64(*request.zip, zip) != Base64Fault::kNone) {
    return MakeLambdaError(LambdaErrorCode::kSerialization,
                           "only base-64-encoded strings are convertible to bytes");
  }
  if (zip.empty()) {
    return InvalidParameterValue("Uploaded file must be a non-empty zip");
  }
  WEIR_ASSIGN_OR_RETURN(StoredZipPtr stored, store.Put(zip));
  return Code{
      .sha256 = stored->sha256(), .size = stored->size(), .zip = std::move(stored), .folder = {}};
}

std::optional<std::string> ReadArchitecture(MemberReader& members) {
  const std::optional<JsonNode> list = members.Array("Architectures");
  if (!list.has_value()) {
    return std::nullopt;
  }
  std::string echo;
  std::string_view last;
  bool known = true;
  for (const JsonNode architecture : *list) {
    last = architecture.text();
    known = known &&
            std::find(kArchitectures.begin(), kArchitectures.end(), last) != kArchitectures.end();
    echo.append(echo.empty() ? "[" : ", ").append(last);
    if (echo.size() > protocol::kMaxEchoSize) {
      break;
    }
  }
  echo += echo.empty() ? "[]" : "]";
  const MemberPath path = members.PathOf("Architectures");
  if (list->size() > 1) {
    members.faults().Add(path, echo, "Member must have length less than or equal to 1");
  }
  if (list->size() == 0) {
    members.faults().Add(path, echo, "Member must have length greater than or equal to 1");
  }
  if (!known) {
    members.faults().Add(path, echo,
                         "Member must satisfy constraint: [Member must satisfy enum value set: "
                         "[x86_64, arm64], Member must not be null]");
  }
  return std::string(last);
}

}  // namespace weir::lambda
