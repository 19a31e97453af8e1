-- SPDX-License-Identifier: Apache-2.0
-- 25 puts of 252 bytes a request, each a change.
local call = require("call")

call.send("BatchWriteItem", '{"RequestItems":{"TABLE":['
  .. call.list('{"PutRequest":{"Item":' .. call.small_item .. "}}", 25) .. "]}}")
