// SPDX-License-Identifier: Apache-2.0
// How long tables and their parts stay in the states between two lasting ones.
#pragma once

#include "core/clock.h"

namespace weir::dynamodb {

// Nothing by default: a change is done when its answer arrives.
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
  Micros index_backfill{0};   // after that, at least
  Micros index_deletion{0};

  // All the same.
  static TransitionTimes Each(Micros time) {
    return {time, time, time, time, time, time, time, time, time, time, time, time};
  }
  // Those of AWS, as public notes measured them in October 2026: a table with no items; the shorter
  // of what was seen. Nobody has published how long an index takes (it is minutes): these are the
  // table's own times.
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
