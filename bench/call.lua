-- SPDX-License-Identifier: Apache-2.0
-- What the wrk scripts share: signed-looking calls of DynamoDB operations, and a count of answers
-- that are not 200, which bench/profile refuses to measure.

local call = {}

local authorization = "AWS4-HMAC-SHA256 "
    .. "Credential=AKIDEXAMPLE/20261101/us-east-1/dynamodb/aws4_request, "
    .. "SignedHeaders=host;x-amz-date;x-amz-target, Signature=" .. string.rep("0", 64)

-- The bytes of a call of `operation` with the JSON `body`.
function call.format(operation, body)
  return wrk.format("POST", "/", {
    ["Content-Type"] = "application/x-amz-json-1.0",
    ["X-Amz-Target"] = "DynamoDB_20120810." .. operation,
    ["X-Amz-Date"] = "20261101T120000Z",
    ["Authorization"] = authorization,
  }, body)
end

-- An item of about 300 bytes of JSON with this key; `count` makes every write a change.
function call.item(key, count)
  return string.format(
    '{"pk":{"S":"key-%06d"},"name":{"S":"%s"},"count":{"N":"%d"},"active":{"BOOL":true},'
      .. '"tags":{"SS":["red","green","blue"]},"place":{"M":{"x":{"N":"12.5"},"y":{"N":"-7"}}},'
      .. '"note":{"S":"%s"}}', key, "a name of some length", count, string.rep("n", 70))
end

return call
