// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "services/lambda/service.h"

namespace weir::lambda {
namespace {

struct Unsupported {
  std::string_view method;
  std::string_view path;
  std::string_view operation;
};

// All operations of the service's model that no other part of this folder has.
constexpr Unsupported kUnsupported[] = {
    {"GET", "/2018-10-31/layers/{LayerName}/versions", "ListLayerVersions"},
    {"POST", "/2018-10-31/layers/{LayerName}/versions", "PublishLayerVersion"},
    {"DELETE", "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}", "DeleteLayerVersion"},
    {"GET", "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}", "GetLayerVersion"},
    {"GET", "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
     "GetLayerVersionPolicy"},
    {"POST", "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
     "AddLayerVersionPermission"},
    {"DELETE", "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}",
     "RemoveLayerVersionPermission"},
    {"DELETE", "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
     "DeleteProvisionedConcurrencyConfig"},
    {"PUT", "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
     "PutProvisionedConcurrencyConfig"},
    {"GET", "/2020-04-22/code-signing-configs", "ListCodeSigningConfigs"},
    {"POST", "/2020-04-22/code-signing-configs", "CreateCodeSigningConfig"},
    {"DELETE", "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}",
     "DeleteCodeSigningConfig"},
    {"GET", "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}", "GetCodeSigningConfig"},
    {"PUT", "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}", "UpdateCodeSigningConfig"},
    {"GET", "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}/functions",
     "ListFunctionsByCodeSigningConfig"},
    {"PUT", "/2020-06-30/functions/{FunctionName}/code-signing-config",
     "PutFunctionCodeSigningConfig"},
    {"PUT", "/2021-07-20/functions/{FunctionName}/runtime-management-config",
     "PutRuntimeManagementConfig"},
    {"DELETE", "/2021-10-31/functions/{FunctionName}/url", "DeleteFunctionUrlConfig"},
    {"POST", "/2021-10-31/functions/{FunctionName}/url", "CreateFunctionUrlConfig"},
    {"PUT", "/2021-10-31/functions/{FunctionName}/url", "UpdateFunctionUrlConfig"},
    {"GET", "/2025-11-30/capacity-providers", "ListCapacityProviders"},
    {"POST", "/2025-11-30/capacity-providers", "CreateCapacityProvider"},
    {"DELETE", "/2025-11-30/capacity-providers/{CapacityProviderName}", "DeleteCapacityProvider"},
    {"GET", "/2025-11-30/capacity-providers/{CapacityProviderName}", "GetCapacityProvider"},
    {"PUT", "/2025-11-30/capacity-providers/{CapacityProviderName}", "UpdateCapacityProvider"},
    {"GET", "/2025-11-30/capacity-providers/{CapacityProviderName}/function-versions",
     "ListFunctionVersionsByCapacityProvider"},
    {"GET", "/2025-11-30/functions/{FunctionName}/function-scaling-config",
     "GetFunctionScalingConfig"},
    {"PUT", "/2025-11-30/functions/{FunctionName}/function-scaling-config",
     "PutFunctionScalingConfig"},
    {"POST", "/2025-12-01/durable-execution-callbacks/{CallbackId}/fail",
     "SendDurableExecutionCallbackFailure"},
    {"POST", "/2025-12-01/durable-execution-callbacks/{CallbackId}/heartbeat",
     "SendDurableExecutionCallbackHeartbeat"},
    {"POST", "/2025-12-01/durable-execution-callbacks/{CallbackId}/succeed",
     "SendDurableExecutionCallbackSuccess"},
    {"DELETE", "/2025-12-01/durable-executions/{DurableExecutionArn}", "DeleteDurableExecution"},
    {"GET", "/2025-12-01/durable-executions/{DurableExecutionArn}", "GetDurableExecution"},
    {"POST", "/2025-12-01/durable-executions/{DurableExecutionArn}/checkpoint",
     "CheckpointDurableExecution"},
    {"GET", "/2025-12-01/durable-executions/{DurableExecutionArn}/history",
     "GetDurableExecutionHistory"},
    {"POST", "/2025-12-01/durable-executions/{DurableExecutionArn}/pause", "PauseDurableExecution"},
    {"POST", "/2025-12-01/durable-executions/{DurableExecutionArn}/resume",
     "ResumeDurableExecution"},
    {"GET", "/2025-12-01/durable-executions/{DurableExecutionArn}/state",
     "GetDurableExecutionState"},
    {"POST", "/2025-12-01/durable-executions/{DurableExecutionArn}/stop", "StopDurableExecution"},
    {"GET", "/2025-12-01/functions/{FunctionName}/durable-executions",
     "ListDurableExecutionsByFunction"},
    {"DELETE", "/2026-07-09/resource-policy/{ResourceArn}", "DeleteResourcePolicy"},
    {"GET", "/2026-07-09/resource-policy/{ResourceArn}", "GetResourcePolicy"},
    {"PUT", "/2026-07-09/resource-policy/{ResourceArn}", "PutResourcePolicy"},
};

}  // namespace

void AddUnsupportedRoutes(protocol::RestRoutes& routes) {
  for (const Unsupported& row : kUnsupported) {
    routes.Add({row.method, row.path, row.operation,
                [&row](const protocol::RestCall& /*call*/, protocol::HttpResponse& response) {
                  WriteLambdaError(InvalidParameterValue(std::string(row.operation) +
                                                         " is not supported by Weir yet"),
                                   response);
                }});
  }
}

}  // namespace weir::lambda
