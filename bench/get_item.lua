-- SPDX-License-Identifier: Apache-2.0
local call = require("call")

local kKeys = 1000
local requests = {}
local next_key = 0

function init()
  for key = 0, kKeys - 1 do
    requests[key] = call.format("GetItem",
      string.format('{"TableName":"bench","Key":{"pk":{"S":"key-%06d"}}}', key))
  end
end

function request()
  next_key = (next_key + 7) % kKeys
  return requests[next_key]
end
