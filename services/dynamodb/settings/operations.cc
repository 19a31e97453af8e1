// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/run_operation.h"
#include "services/dynamodb/settings/delete_resource_policy.h"
#include "services/dynamodb/settings/describe_contributor_insights.h"
#include "services/dynamodb/settings/describe_time_to_live.h"
#include "services/dynamodb/settings/get_resource_policy.h"
#include "services/dynamodb/settings/list_contributor_insights.h"
#include "services/dynamodb/settings/list_tags_of_resource.h"
#include "services/dynamodb/settings/put_resource_policy.h"
#include "services/dynamodb/settings/tag_resource.h"
#include "services/dynamodb/settings/untag_resource.h"
#include "services/dynamodb/settings/update_contributor_insights.h"
#include "services/dynamodb/settings/update_time_to_live.h"

namespace weir::dynamodb {

OperationList SettingOperations() {
  return ListOf<DeleteResourcePolicy, DescribeContributorInsights, DescribeTimeToLive,
                GetResourcePolicy, ListContributorInsights, ListTagsOfResource, PutResourcePolicy,
                TagResource, UntagResource, UpdateContributorInsights, UpdateTimeToLive>();
}

}  // namespace weir::dynamodb
