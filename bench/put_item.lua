-- SPDX-License-Identifier: Apache-2.0
-- Writes the same keys round and round with a new count each time, so that each put is a change.
local call = require("call")

local kKeys = 1000
local count = 0

function request()
  count = count + 1
  return call.format("PutItem",
    '{"TableName":"bench","Item":' .. call.item(count * 7 % kKeys, count) .. "}")
end
