// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/partiql_select.h"

#include <utility>

#include "core/limits.h"
#include "services/dynamodb/partiql/partiql_plan.h"
#include "services/dynamodb/reads/index_read.h"
#include "services/dynamodb/reads/read_page.h"

namespace weir::dynamodb {
namespace {

// The service refuses here what Query and Scan refuse, too, but with other texts.
Result<ReadTarget> FindTarget(Context& context, const ReadyStatement& ready, bool consistent) {
  WEIR_RETURN_IF_ERROR(ready.CheckTable());
  const expression::StatementTarget& names = ready.statement.target();
  Result<ReadTarget> target = ReadTarget::Find(context, names.table, names.index);
  if (!target.ok()) {
    return target.error().code == ErrorCode::kValidation
               ? ValidationError("The table does not have the specified index")
               : std::move(target).error();
  }
  const storage::IndexDefinition* index = target.value().index();
  if (consistent && index != nullptr && index->global()) {
    return ValidationError("Strongly consistent read is not supported on Global Secondary Indexes");
  }
  return target;
}

// A filter on attributes that an index does not project is only refused if the index is read by
// key, and without OR.
Status CheckReads(const ReadTarget& target, const SelectPlan& plan, const ReadPlan& read) {
  WEIR_RETURN_IF_ERROR(read.CheckKeyPaths(target.table()));
  if (plan.keyed && !plan.branches) {
    WEIR_RETURN_IF_ERROR(CheckFilteredAttributes(target, read));
  }
  return CheckProjectedAttributes(target, read);
}

class PageReader {
 public:
  PageReader(const ReadTarget& target, const SelectPlan& plan, const ReadPlan& read,
             const SelectOptions& options)
      : target_(target), plan_(plan), read_(read), options_(options) {}

  Result<SelectPage> Read(const StatementPosition& start) {
    if (start.read > plan_.reads.size()) {
      return InvalidToken();
    }
    if (start.read > 0 && start.read == plan_.reads.size()) {
      page_.charge.Add(CapacityCharge(ReadUnits(0, options_.consistent)));  // finds nothing
    }
    for (std::size_t i = start.read; i < plan_.reads.size(); ++i) {
      if (Full()) {
        page_.next = StatementPosition{i, ""};
        break;
      }
      WEIR_RETURN_IF_ERROR(ReadOne(i, i == start.read ? start.key : std::string()));
      if (page_.next.has_value()) {
        break;
      }
      // Like a query's, a page that Limit ends has a token even after the last item (observed on
      // DynamoDB Local).
      if (ReachedLimit() && plan_.reads[i].single) {
        page_.next = StatementPosition{i + 1, ""};
        break;
      }
    }
    return std::move(page_);
  }

 private:
  static ApiError InvalidToken() { return ValidationError("Invalid NextToken"); }

  [[nodiscard]] bool ReachedLimit() const {
    return options_.limit.has_value() && scanned_ >= *options_.limit;
  }
  [[nodiscard]] bool Full() const { return size_ >= limits::kPageSize || ReachedLimit(); }

  Status ReadOne(std::size_t index, const std::string& after) {
    KeySpan span = plan_.reads[index].span;
    if (!after.empty()) {
      if (!span.Contains(after)) {
        return InvalidToken();
      }
      if (plan_.forward) {
        span.low = KeyAfter(after);
      } else {
        span.high = after;
      }
    }
    const PageRequest request{
        std::move(span),
        plan_.forward,
        options_.limit.has_value() ? std::optional(*options_.limit - scanned_) : std::nullopt,
        plan_.reads[index].single,
        options_.consistent,
        FetchesItems(target_, std::nullopt, read_)};
    WEIR_ASSIGN_OR_RETURN(PageResponse response, ReadPage(target_, request, read_));
    page_.charge.Add(response.charge);
    scanned_ += response.scanned_count;
    size_ += response.size;
    for (Item& item : *response.items) {
      page_.items.push_back(std::move(item));
    }
    if (response.last_evaluated_key) {
      WEIR_ASSIGN_OR_RETURN(const KeyPosition position,
                            target_.PositionOf(response.last_evaluated_key.attributes()));
      page_.next = StatementPosition{index, position.bytes};
      page_.last_evaluated_key = std::move(response.last_evaluated_key);
    }
    return {};
  }

  const ReadTarget& target_;
  const SelectPlan& plan_;
  const ReadPlan& read_;
  const SelectOptions& options_;
  SelectPage page_;
  std::int64_t scanned_ = 0;
  std::size_t size_ = 0;  // how much of the page's 1 MB is used
};

}  // namespace

Result<SelectPage> RunSelect(Context& context, const ReadyStatement& ready,
                             const SelectOptions& options, const StatementPosition& start) {
  WEIR_ASSIGN_OR_RETURN(const ReadTarget target, FindTarget(context, ready, options.consistent));
  WEIR_ASSIGN_OR_RETURN(const SelectPlan plan, PlanSelect(target, ready.statement));
  ReadPlan read;
  read.filter = ready.statement.where();
  read.projection = ready.statement.projection();
  WEIR_RETURN_IF_ERROR(CheckReads(target, plan, read));
  return PageReader(target, plan, read, options).Read(start);
}

}  // namespace weir::dynamodb
