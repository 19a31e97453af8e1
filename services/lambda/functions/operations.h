// SPDX-License-Identifier: Apache-2.0
// The operations of this folder, by their names at AWS. Each either makes `response` its answer or
// returns the error.
#pragma once

#include "protocol/http.h"
#include "protocol/rest_routes.h"
#include "services/lambda/errors.h"
#include "services/lambda/functions/functions.h"
#include "services/lambda/functions/routes.h"

namespace weir::lambda {

struct Operation {
  Functions& functions;
  TagOwner* mappings;  // may be null
  const protocol::RestCall& call;
  protocol::HttpResponse& response;
};

LambdaStatus CreateFunction(const Operation& operation);
LambdaStatus GetFunction(const Operation& operation);
LambdaStatus GetFunctionConfiguration(const Operation& operation);
LambdaStatus UpdateFunctionCode(const Operation& operation);
LambdaStatus UpdateFunctionConfiguration(const Operation& operation);
LambdaStatus ListFunctions(const Operation& operation);
LambdaStatus DeleteFunction(const Operation& operation);

LambdaStatus PublishVersion(const Operation& operation);
LambdaStatus ListVersionsByFunction(const Operation& operation);

LambdaStatus CreateAlias(const Operation& operation);
LambdaStatus GetAlias(const Operation& operation);
LambdaStatus UpdateAlias(const Operation& operation);
LambdaStatus DeleteAlias(const Operation& operation);
LambdaStatus ListAliases(const Operation& operation);

LambdaStatus PutFunctionConcurrency(const Operation& operation);
LambdaStatus GetFunctionConcurrency(const Operation& operation);
LambdaStatus DeleteFunctionConcurrency(const Operation& operation);
LambdaStatus PutFunctionRecursionConfig(const Operation& operation);
LambdaStatus GetFunctionRecursionConfig(const Operation& operation);
LambdaStatus GetRuntimeManagementConfig(const Operation& operation);
LambdaStatus GetAccountSettings(const Operation& operation);

LambdaStatus GetProvisionedConcurrencyConfig(const Operation& operation);  // and their list
LambdaStatus GetFunctionUrlConfig(const Operation& operation);
LambdaStatus ListFunctionUrlConfigs(const Operation& operation);
LambdaStatus GetFunctionCodeSigningConfig(const Operation& operation);
LambdaStatus DeleteFunctionCodeSigningConfig(const Operation& operation);
LambdaStatus ListLayers(const Operation& operation);

LambdaStatus PutFunctionEventInvokeConfig(const Operation& operation);
LambdaStatus UpdateFunctionEventInvokeConfig(const Operation& operation);
LambdaStatus GetFunctionEventInvokeConfig(const Operation& operation);
LambdaStatus DeleteFunctionEventInvokeConfig(const Operation& operation);
LambdaStatus ListFunctionEventInvokeConfigs(const Operation& operation);

LambdaStatus AddPermission(const Operation& operation);
LambdaStatus RemovePermission(const Operation& operation);
LambdaStatus GetPolicy(const Operation& operation);

LambdaStatus TagResource(const Operation& operation);
LambdaStatus UntagResource(const Operation& operation);
LambdaStatus ListTags(const Operation& operation);

}  // namespace weir::lambda
