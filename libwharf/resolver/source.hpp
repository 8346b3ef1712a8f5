// SPDX-License-Identifier: MIT
// Where a resolver's packages come from. Implement Source over an index, a directory or a test's table; the
// resolver asks it for each package once, as late as it can, and says beforehand what it will probably ask
// for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/package/version.hpp"

namespace wharf::resolver {

// That somebody needs some version of a package.
struct Want {
  std::string name;
  std::string requirement;  // read with Bare::caret, so a portable text
  std::string written;      // as its author wrote it; empty: as `requirement`
  std::string where;        // the file it stands in; empty: nobody needs to be told
  const std::string& text() const noexcept { return written.empty() ? requirement : written; }
};

// A version of a package, with what it needs: its normal, non-optional dependencies.
struct Candidate {
  Version version;
  bool yanked = false;
  std::vector<Want> wants;
};

// Why a package has no versions here.
enum class Absence {
  present,      // it has, though perhaps none
  unknown,      // the registry has no such package
  not_cached,   // not known without a network, and there is none
  quarantined,  // the operator has taken it out of sight
};

class Source {
 public:
  struct Answer {
    Absence absence = Absence::present;
    // In ascending precedence, no two equal; valid as long as the source. May be null where there are none.
    const std::vector<Candidate>* candidates = nullptr;
  };
  virtual ~Source() = default;
  // Asked once for each name by a Universe. May block, and may throw: the solve ends, and a later one asks
  // again.
  virtual Answer package(std::string_view name) = 0;
  // These will probably be asked for: begin fetching them. Never blocks.
  virtual void soon(std::span<const std::string> names) { (void)names; }
  // Names that somebody may have meant, best first: for messages.
  virtual std::vector<std::string> near(std::string_view name) {
    (void)name;
    return {};
  }
};

}  // namespace wharf::resolver
