-- SPDX-License-Identifier: MIT
-- wrk: PUTs the archives that plan.txt in the folder $BENCH_ARCHIVES lists (a line each: "name version file"), each once, and
-- says how many were created and visible. Ends early when the plan does: then the answers are 409 and counted as refused.
local plan, position = {}, 0
created, visible, refused = 0, 0, 0
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init()
  local folder = os.getenv("BENCH_ARCHIVES")
  for line in io.lines(os.getenv("BENCH_PLAN")) do
    local name, version, file = line:match("(%S+) (%S+) (%S+)")
    table.insert(plan, {path = "/api/v1/packages/" .. name .. "/" .. version, file = folder .. "/" .. file})
  end
end

function request()
  position = position + 1
  local entry = plan[math.min(position, #plan)]
  local file = io.open(entry.file, "rb")
  local body = file:read("*a")
  file:close()
  return wrk.format("PUT", entry.path, {["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"),
                                        ["Content-Type"] = "application/gzip", ["Host"] = "localhost"}, body)
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
