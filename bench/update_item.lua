-- SPDX-License-Identifier: Apache-2.0
-- One expression, as an application has it, with new values each time.
require("call").send("UpdateItem",
  '{"TableName":"TABLE","Key":{"pk":{"S":"key-KKKKKKKK"}},'
    .. '"UpdateExpression":"SET #count = #count + :one, note = :note REMOVE gone",'
    .. '"ConditionExpression":"attribute_exists(pk)","ExpressionAttributeNames":{"#count":"count"},'
    .. '"ExpressionAttributeValues":{":one":{"N":"1"},":note":{"S":"note number CCCCCCCCCC"}}}')
