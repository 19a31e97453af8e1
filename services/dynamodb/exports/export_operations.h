// SPDX-License-Identifier: Apache-2.0
// Exports to S3, imports from S3 and bulk operations. Weir has no S3 yet, so starting one is
// refused and none can be found or listed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/backups/point_in_time.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancelBulkOperation.html
struct CancelBulkOperationRequest {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &CancelBulkOperationRequest::bulk_operation_arn});
  }
};

struct CancelBulkOperationResponse {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &CancelBulkOperationResponse::bulk_operation_arn});
  }
};

// Always ResourceNotFoundException, since StartBulkPutItems is refused.
struct CancelBulkOperation : WithoutPlan {
  static constexpr std::string_view kName = "CancelBulkOperation";
  static constexpr Wording kWording{};
  using Request = CancelBulkOperationRequest;
  using Response = CancelBulkOperationResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBulkOperation.html
struct DescribeBulkOperationRequest {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &DescribeBulkOperationRequest::bulk_operation_arn});
  }
};

struct DescribeBulkOperationResponse {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &DescribeBulkOperationResponse::bulk_operation_arn});
  }
};

// Always ResourceNotFoundException, since StartBulkPutItems is refused.
struct DescribeBulkOperation : WithoutPlan {
  static constexpr std::string_view kName = "DescribeBulkOperation";
  static constexpr Wording kWording{};
  using Request = DescribeBulkOperationRequest;
  using Response = DescribeBulkOperationResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeExport.html
struct DescribeExportRequest {
  std::string export_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ExportArn", &DescribeExportRequest::export_arn});
  }
};

struct DescribeExportResponse {
  std::string export_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ExportArn", &DescribeExportResponse::export_arn});
  }
};

// ExportNotFoundException for every valid ARN, since ExportTableToPointInTime is refused.
struct DescribeExport {
  static constexpr std::string_view kName = "DescribeExport";
  static constexpr Wording kWording{};
  using Request = DescribeExportRequest;
  using Response = DescribeExportResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html
struct DescribeImportRequest {
  std::string import_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ImportArn", &DescribeImportRequest::import_arn});
  }
};

struct DescribeImportResponse {
  std::string import_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ImportArn", &DescribeImportResponse::import_arn});
  }
};

// ImportNotFoundException for every valid ARN, since ImportTable is refused.
struct DescribeImport {
  static constexpr std::string_view kName = "DescribeImport";
  static constexpr Wording kWording{};
  using Request = DescribeImportRequest;
  using Response = DescribeImportResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
struct ExportTableToPointInTimeRequest {
  std::string table_arn;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableArn", &ExportTableToPointInTimeRequest::table_arn});
  }
};

struct ExportTableToPointInTimeResponse {
  std::string table_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableArn", &ExportTableToPointInTimeResponse::table_arn});
  }
};

// Always refused: Weir has no S3 yet. Requests that AWS refuses get AWS's error first.
struct ExportTableToPointInTime {
  static constexpr std::string_view kName = "ExportTableToPointInTime";
  static constexpr Wording kWording{};
  using Request = ExportTableToPointInTimeRequest;
  using Response = ExportTableToPointInTimeResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html
struct ImportTableRequest {
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() { return std::make_tuple(); }
};

struct ImportTableResponse {
  std::string import_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ImportArn", &ImportTableResponse::import_arn});
  }
};

// Always refused: Weir has no S3 yet.
struct ImportTable : WithoutPlan {
  static constexpr std::string_view kName = "ImportTable";
  static constexpr Wording kWording{};
  using Request = ImportTableRequest;
  using Response = ImportTableResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBulkOperations.html
struct ListBulkOperationsRequest {
  std::optional<std::int64_t> max_results;
  std::optional<std::string> next_token;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"MaxResults", &ListBulkOperationsRequest::max_results},
                           Field{"NextToken", &ListBulkOperationsRequest::next_token});
  }
};

struct ListBulkOperationsResponse {
  std::vector<std::string> bulk_operations_summary_list;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"BulkOperationsSummaryList",
                                 &ListBulkOperationsResponse::bulk_operations_summary_list});
  }
};

// Always an empty list, since StartBulkPutItems is refused.
struct ListBulkOperations : WithoutPlan {
  static constexpr std::string_view kName = "ListBulkOperations";
  static constexpr Wording kWording{};
  using Request = ListBulkOperationsRequest;
  using Response = ListBulkOperationsResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html
struct ListExportsRequest {
  std::optional<std::string> table_arn;
  std::optional<std::int64_t> max_results;
  std::optional<std::string> next_token;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableArn", &ListExportsRequest::table_arn},
                           Field{"MaxResults", &ListExportsRequest::max_results},
                           Field{"NextToken", &ListExportsRequest::next_token});
  }
};

struct ListExportsResponse {
  std::vector<std::string> export_summaries;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ExportSummaries", &ListExportsResponse::export_summaries});
  }
};

// Always an empty list, since ExportTableToPointInTime is refused.
struct ListExports : WithoutPlan {
  static constexpr std::string_view kName = "ListExports";
  static constexpr Wording kWording{};
  using Request = ListExportsRequest;
  using Response = ListExportsResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListImports.html
struct ListImportsRequest {
  std::optional<std::string> table_arn;
  std::optional<std::int64_t> page_size;
  std::optional<std::string> next_token;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableArn", &ListImportsRequest::table_arn},
                           Field{"PageSize", &ListImportsRequest::page_size},
                           Field{"NextToken", &ListImportsRequest::next_token});
  }
};

struct ListImportsResponse {
  std::vector<std::string> import_summary_list;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ImportSummaryList", &ListImportsResponse::import_summary_list});
  }
};

// Always an empty list, since ImportTable is refused.
struct ListImports : WithoutPlan {
  static constexpr std::string_view kName = "ListImports";
  static constexpr Wording kWording{};
  using Request = ListImportsRequest;
  using Response = ListImportsResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html
struct StartBulkPutItemsRequest {
  std::string table_name;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &StartBulkPutItemsRequest::table_name});
  }
};

struct StartBulkPutItemsResponse {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &StartBulkPutItemsResponse::bulk_operation_arn});
  }
};

// Always refused: Weir has no S3 yet.
struct StartBulkPutItems : WithoutPlan {
  static constexpr std::string_view kName = "StartBulkPutItems";
  static constexpr Wording kWording{};
  using Request = StartBulkPutItemsRequest;
  using Response = StartBulkPutItemsResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
