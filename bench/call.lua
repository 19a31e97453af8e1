-- SPDX-License-Identifier: Apache-2.0
-- What the wrk scripts share: calls of a DynamoDB operation, signed in appearance, made from one
-- body with places in it. A run ends with the number of calls that were made, on stdout.
--
--     wrk -s get_item.lua URL -- TABLE KEYS FIRST [explain]
--
-- TABLE    stands wherever the body says TABLE
-- KEYS     keys are key-00000000 … below this number, in an order that touches all of them
-- FIRST    where the count begins, so that no run repeats a value of the one before
-- explain  print the first answer that is not 200 and stop
--
-- Places have the length of what they become, so a request's head never changes.

local call = {}

local kKeyPlace, kCountPlace = "KKKKKKKK", "CCCCCCCCCC"
local kStride = 104729 -- a prime that divides no number of keys that is used

local authorization = "AWS4-HMAC-SHA256 "
    .. "Credential=AKIDEXAMPLE/20261101/us-east-1/dynamodb/aws4_request, "
    .. "SignedHeaders=host;x-amz-date;x-amz-target, Signature=" .. string.rep("0", 64)

local threads = {}

-- An item of about 300 bytes of JSON, which comparison/tables.py writes in the same way.
call.item = '{"pk":{"S":"key-KKKKKKKK"},"name":{"S":"a name of some length"},'
    .. '"count":{"N":"CCCCCCCCCC"},"active":{"BOOL":true},"tags":{"SS":["red","green","blue"]},'
    .. '"place":{"M":{"x":{"N":"12.5"},"y":{"N":"-7"}}},"note":{"S":"' .. string.rep("n", 70)
    .. '"}}'

-- An item of 252 bytes as DynamoDB counts them.
call.small_item = '{"pk":{"S":"key-KKKKKKKK"},"name":{"S":"name-0-CCCCCCCCCC-xx"},"data":{"S":"'
    .. string.rep("d", 210) .. '"}}'

local function format(operation, body)
  return wrk.format("POST", "/", {
    ["Content-Type"] = "application/x-amz-json-1.0",
    ["X-Amz-Target"] = "DynamoDB_20120810." .. operation,
    ["X-Amz-Date"] = "20261101T120000Z",
    ["Authorization"] = authorization,
  }, body)
end

-- The text cut at its places, and for each place which of the two it is.
local function cut(text)
  local pieces, places, from = {}, {}, 1
  while true do
    local key, count = text:find(kKeyPlace, from, true), text:find(kCountPlace, from, true)
    local at = math.min(key or math.huge, count or math.huge)
    if at == math.huge then
      pieces[#pieces + 1] = text:sub(from)
      return pieces, places
    end
    pieces[#pieces + 1] = text:sub(from, at - 1)
    pieces[#pieces + 1] = ""
    places[#places + 1] = { at = #pieces, is_key = at == key }
    from = at + #(at == key and kKeyPlace or kCountPlace)
  end
end

local function explain(status, _, body)
  if status ~= 200 then
    print("answer " .. status .. ": " .. body)
    wrk.thread:stop()
  end
end

-- Makes wrk send `operation` with `body` again and again: each place of a key is the next key, each
-- place of a count the next count.
function call.send(operation, body)
  local pieces, places, keys
  local step, count = 0, 0

  function init(args)
    keys, count, made = tonumber(args[2]), 1e9 + tonumber(args[3]), 0
    pieces, places = cut(format(operation, (body:gsub("TABLE", args[1]))))
    if args[4] == "explain" then
      response = explain
    end
  end

  function request()
    for _, place in ipairs(places) do
      if place.is_key then
        step = step + 1
        pieces[place.at] = string.format("%08d", step * kStride % keys)
      else
        count = count + 1
        pieces[place.at] = string.format("%010d", count)
      end
    end
    made = made + 1
    return table.concat(pieces)
  end

  function setup(thread)
    threads[#threads + 1] = thread
  end

  function done()
    local sum = 0
    for _, thread in ipairs(threads) do
      sum = sum + thread:get("made")
    end
    print("made " .. sum .. " calls")
  end
end

-- `text` as often as `times`, with commas between.
function call.list(text, times)
  return string.rep(text .. ",", times - 1) .. text
end

return call
