-- SPDX-License-Identifier: Apache-2.0
require("call").send("GetItem", '{"TableName":"TABLE","Key":{"pk":{"S":"key-KKKKKKKK"}}}')
