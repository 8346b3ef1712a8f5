-- SPDX-License-Identifier: MIT
-- wrk: GETs the paths that $BENCH_PATHS lists, one after the other, and says how long the answers took.
local paths, position = {}, 0
failed = 0
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init()
  for line in io.lines(os.getenv("BENCH_PATHS")) do table.insert(paths, line) end
end

function request()
  position = position % #paths + 1
  return wrk.format("GET", paths[position])
end

function response(status)
  if status ~= 200 then failed = failed + 1 end
end

function done(summary, latency)
  local f = 0
  for _, thread in ipairs(threads) do f = f + thread:get("failed") end
  io.write(string.format("scale requests=%d failed=%d p50=%.3f p99=%.3f\n", summary.requests, f, latency:percentile(50) / 1e3,
                         latency:percentile(99) / 1e3))
end
