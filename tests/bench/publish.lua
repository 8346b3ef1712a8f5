-- SPDX-License-Identifier: MIT
-- wrk: PUTs the archives that $BENCH_PLAN lists (a line each: "name version offset length" in the one file $BENCH_ARCHIVES),
-- each once, and says how many were created and visible. When the plan ends too early the answers are 409, counted as refused.
local plan, position = {}, 0
created, visible, refused = 0, 0, 0
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init()
  archives = io.open(os.getenv("BENCH_ARCHIVES"), "rb")
  for line in io.lines(os.getenv("BENCH_PLAN")) do
    local name, version, offset, length = line:match("(%S+) (%S+) (%S+) (%S+)")
    table.insert(plan, {path = "/api/v1/packages/" .. name .. "/" .. version, offset = tonumber(offset), length = tonumber(length)})
  end
end

function request()
  position = position + 1
  local entry = plan[math.min(position, #plan)]
  archives:seek("set", entry.offset)
  return wrk.format("PUT", entry.path, {["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"),
                                        ["Content-Type"] = "application/gzip", ["Host"] = "localhost"}, archives:read(entry.length))
end

function response(status, headers)
  if status == 201 then
    created = created + 1
    if (headers["Wharf-Visible"] or headers["wharf-visible"]) == "yes" then visible = visible + 1 end
  else
    refused = refused + 1
  end
end

function done(summary, latency)
  local c, v, r = 0, 0, 0
  for _, thread in ipairs(threads) do
    c, v, r = c + thread:get("created"), v + thread:get("visible"), r + thread:get("refused")
  end
  io.write(string.format("publishes created=%d visible=%d refused=%d seconds=%.3f p50=%.2f p99=%.2f\n", c, v, r,
                         summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
