// SPDX-License-Identifier: Apache-2.0
// How long tables and their parts stay in states that do not last: CREATING, UPDATING, DELETING,
// ...
#pragma once

#include "core/clock.h"

namespace weir::dynamodb {

// All 0 by default: a change is complete when its answer arrives.
struct TransitionTimes {
  Micros creation{0};
  Micros deletion{0};
  Micros throughput{0};  // provisioned, of a table or an index
  Micros billing_mode{0};
  Micros stream{0};
  Micros table_class{0};
  Micros encryption{0};
  Micros warm_throughput{0};
  Micros contributor_insights{0};
  Micros index_placement{0};  // of an index that is added to a table
  Micros index_backfill{0};   // the time after that, at least
  Micros index_deletion{0};

  // All times are `time`.
  static TransitionTimes Each(Micros time) {
    return {time, time, time, time, time, time, time, time, time, time, time, time};
  }
  // The times of AWS, as public notes measured them in October 2026 for a table with no items; of
  // several measurements the shortest. Nobody has published how long an index takes (minutes): for
  // indexes, these are the times of tables.
  static TransitionTimes Real() {
    using std::chrono::seconds;
    return {.creation = seconds(6),
            .deletion = seconds(5),
            .throughput = seconds(2),
            .billing_mode = seconds(60),
            .stream = seconds(5),
            .table_class = seconds(4),
            .encryption = seconds(22),
            .warm_throughput = seconds(270),
            .contributor_insights = seconds(2),
            .index_placement = seconds(6),
            .index_backfill = seconds(6),
            .index_deletion = seconds(5)};
  }
};

}  // namespace weir::dynamodb
