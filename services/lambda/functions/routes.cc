// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/routes.h"

#include <string_view>

#include "services/lambda/functions/operations.h"
#include "services/lambda/service.h"

namespace weir::lambda {
namespace {

struct Row {
  std::string_view method;
  std::string_view path;
  std::string_view operation;
  LambdaStatus (*run)(const Operation& operation);
};

constexpr Row kRows[] = {
    {"POST", "/2015-03-31/functions", "CreateFunction", CreateFunction},
    {"GET", "/2015-03-31/functions", "ListFunctions", ListFunctions},
    {"GET", "/2015-03-31/functions/{FunctionName}", "GetFunction", GetFunction},
    {"DELETE", "/2015-03-31/functions/{FunctionName}", "DeleteFunction", DeleteFunction},
    {"GET", "/2015-03-31/functions/{FunctionName}/configuration", "GetFunctionConfiguration",
     GetFunctionConfiguration},
    {"PUT", "/2015-03-31/functions/{FunctionName}/configuration", "UpdateFunctionConfiguration",
     UpdateFunctionConfiguration},
    {"PUT", "/2015-03-31/functions/{FunctionName}/code", "UpdateFunctionCode", UpdateFunctionCode},

    {"POST", "/2015-03-31/functions/{FunctionName}/versions", "PublishVersion", PublishVersion},
    {"GET", "/2015-03-31/functions/{FunctionName}/versions", "ListVersionsByFunction",
     ListVersionsByFunction},

    {"POST", "/2015-03-31/functions/{FunctionName}/aliases", "CreateAlias", CreateAlias},
    {"GET", "/2015-03-31/functions/{FunctionName}/aliases", "ListAliases", ListAliases},
    {"GET", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "GetAlias", GetAlias},
    {"PUT", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "UpdateAlias", UpdateAlias},
    {"DELETE", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "DeleteAlias", DeleteAlias},

    {"PUT", "/2017-10-31/functions/{FunctionName}/concurrency", "PutFunctionConcurrency",
     PutFunctionConcurrency},
    {"GET", "/2019-09-30/functions/{FunctionName}/concurrency", "GetFunctionConcurrency",
     GetFunctionConcurrency},
    {"DELETE", "/2017-10-31/functions/{FunctionName}/concurrency", "DeleteFunctionConcurrency",
     DeleteFunctionConcurrency},
    {"PUT", "/2024-08-31/functions/{FunctionName}/recursion-config", "PutFunctionRecursionConfig",
     PutFunctionRecursionConfig},
    {"GET", "/2024-08-31/functions/{FunctionName}/recursion-config", "GetFunctionRecursionConfig",
     GetFunctionRecursionConfig},
    {"GET", "/2021-07-20/functions/{FunctionName}/runtime-management-config",
     "GetRuntimeManagementConfig", GetRuntimeManagementConfig},
    {"GET", "/2016-08-19/account-settings", "GetAccountSettings", GetAccountSettings},

    {"GET", "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
     "GetProvisionedConcurrencyConfig", GetProvisionedConcurrencyConfig},
    {"GET", "/2021-10-31/functions/{FunctionName}/url", "GetFunctionUrlConfig",
     GetFunctionUrlConfig},
    {"GET", "/2021-10-31/functions/{FunctionName}/urls", "ListFunctionUrlConfigs",
     ListFunctionUrlConfigs},
    {"GET", "/2020-06-30/functions/{FunctionName}/code-signing-config",
     "GetFunctionCodeSigningConfig", GetFunctionCodeSigningConfig},
    {"DELETE", "/2020-06-30/functions/{FunctionName}/code-signing-config",
     "DeleteFunctionCodeSigningConfig", DeleteFunctionCodeSigningConfig},
    {"GET", "/2018-10-31/layers", "ListLayers", ListLayers},

    {"PUT", "/2019-09-25/functions/{FunctionName}/event-invoke-config",
     "PutFunctionEventInvokeConfig", PutFunctionEventInvokeConfig},
    {"POST", "/2019-09-25/functions/{FunctionName}/event-invoke-config",
     "UpdateFunctionEventInvokeConfig", UpdateFunctionEventInvokeConfig},
    {"GET", "/2019-09-25/functions/{FunctionName}/event-invoke-config",
     "GetFunctionEventInvokeConfig", GetFunctionEventInvokeConfig},
    {"DELETE", "/2019-09-25/functions/{FunctionName}/event-invoke-config",
     "DeleteFunctionEventInvokeConfig", DeleteFunctionEventInvokeConfig},
    {"GET", "/2019-09-25/functions/{FunctionName}/event-invoke-config/list",
     "ListFunctionEventInvokeConfigs", ListFunctionEventInvokeConfigs},

    {"POST", "/2015-03-31/functions/{FunctionName}/policy", "AddPermission", AddPermission},
    {"GET", "/2015-03-31/functions/{FunctionName}/policy", "GetPolicy", GetPolicy},
    {"DELETE", "/2015-03-31/functions/{FunctionName}/policy/{StatementId}", "RemovePermission",
     RemovePermission},

    {"POST", "/2017-03-31/tags/{Resource}", "TagResource", TagResource},
    {"DELETE", "/2017-03-31/tags/{Resource}", "UntagResource", UntagResource},
    {"GET", "/2017-03-31/tags/{Resource}", "ListTags", ListTags},
};

}  // namespace

void AddFunctionRoutes(protocol::RestRoutes& routes, Functions& functions, TagOwner* mappings) {
  for (const Row& row : kRows) {
    routes.Add({row.method, row.path, row.operation,
                [&functions, mappings, run = row.run](const protocol::RestCall& call,
                                                      protocol::HttpResponse& response) {
                  WriteIfError(run({functions, mappings, call, response}), response);
                }});
  }
}

}  // namespace weir::lambda
