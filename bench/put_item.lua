-- SPDX-License-Identifier: Apache-2.0
-- Each put has a new count, so each is a change.
local call = require("call")

call.send("PutItem", '{"TableName":"TABLE","Item":' .. call.item .. "}")
