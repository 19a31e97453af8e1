-- SPDX-License-Identifier: Apache-2.0
-- All ten items of a partition.
require("call").send("Query",
  '{"TableName":"TABLE","KeyConditionExpression":"pk = :pk",'
    .. '"ExpressionAttributeValues":{":pk":{"S":"key-KKKKKKKK"}}}')
