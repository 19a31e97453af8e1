-- SPDX-License-Identifier: Apache-2.0
-- Ten puts of 252 bytes a transaction, each a change.
local call = require("call")

call.send("TransactWriteItems", '{"TransactItems":['
  .. call.list('{"Put":{"TableName":"TABLE","Item":' .. call.small_item .. "}}", 10) .. "]}")
