// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-user/quota_table.hpp"

#include <chrono>

#include "admin-tools/common/tool.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

std::string text_of(const Quotas::Standing& standing, const QuotaFigure& figure) {
  if (!figure.is_limit(standing.quota)) return "no limit";
  if (standing.quota == Quota::storage) return std::to_string(figure.most) + " MiB";
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(figure.interval).count();
  return std::to_string(figure.most) + " at once, then one each " + std::to_string(seconds) + " s";
}

std::string left_of(const Quotas::Standing& standing) {
  if (!standing.figure().is_limit(standing.quota)) return "-";
  return std::to_string(standing.remaining) + (standing.quota == Quota::storage ? " MiB" : "");
}

}  // namespace

void print_quotas(const std::vector<Quotas::Standing>& standings) {
  Table table({"QUOTA", "LIMIT", "SET FOR THIS USER", "LEFT"});
  for (const auto& standing : standings)
    table.add({quota_name(standing.quota), text_of(standing, standing.figure()), standing.own ? "yes" : "no",
               left_of(standing)});
  table.finish();
}

void write_quotas(json::Writer& writer, const std::vector<Quotas::Standing>& standings) {
  writer.begin_array();
  for (const auto& standing : standings) {
    const auto& figure = standing.figure();
    const bool is_limit = figure.is_limit(standing.quota);
    const bool is_storage = standing.quota == Quota::storage;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(figure.interval).count();
    writer.begin_object().member("quota", quota_name(standing.quota));
    writer.member("limit", is_limit ? std::optional(figure.most) : std::nullopt);
    writer.member("seconds", is_limit && !is_storage ? std::optional(seconds) : std::nullopt);
    writer.member("own", standing.own.has_value());
    writer.member("remaining", is_limit ? std::optional(standing.remaining) : std::nullopt);
    writer.member("used_bytes", is_storage ? std::optional(standing.used_bytes) : std::nullopt);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace wharf::admin
