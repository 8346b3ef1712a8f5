// SPDX-License-Identifier: MIT
#include "client/manifest/json_map.hpp"

#include <algorithm>

#include "libwharf/json/scan.hpp"

namespace wharf::client {

namespace {

class Mapper {
 public:
  explicit Mapper(std::string_view text) : text_(text) {}

  JsonMap map() {
    skip_spaces();
    map_.root.begin = at_;
    std::vector<std::string> path;
    object(&path);
    map_.root.end = at_;
    return std::move(map_);
  }

 private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_spaces() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  void string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }

  // Without a path, as inside of an array, members are passed over.
  void object(std::vector<std::string>* path) {
    ++at_;
    for (skip_spaces(); at_ < text_.size() && here() != '}'; skip_spaces()) {
      if (here() == ',') {
        ++at_;
        continue;
      }
      JsonMember member;
      member.key.begin = at_;
      string();
      member.key.end = at_;
      skip_spaces();
      ++at_;  // the colon
      skip_spaces();
      member.value.begin = at_;
      const std::size_t index = map_.members.size();
      if (path != nullptr) {
        path->push_back(json::unescape(text_.substr(member.key.begin + 1, member.key.size() - 2)));
        member.path = *path;
        map_.members.push_back(member);
      }
      value(path);
      if (path != nullptr) {
        map_.members[index].value.end = at_;
        path->pop_back();
      }
    }
    ++at_;
  }

  void array() {
    ++at_;
    for (skip_spaces(); at_ < text_.size() && here() != ']'; skip_spaces()) {
      if (here() == ',')
        ++at_;
      else
        value(nullptr);
    }
    ++at_;
  }

  void value(std::vector<std::string>* path) {
    if (here() == '"') return string();
    if (here() == '{') return object(path);
    if (here() == '[') return array();
    at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
  JsonMap map_;
};

}  // namespace

const JsonMember* JsonMap::find(const std::vector<std::string>& path) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const JsonMember& member) { return member.path == path; });
  return found == members.end() ? nullptr : &*found;
}

std::vector<const JsonMember*> JsonMap::inside(const std::vector<std::string>& path) const {
  std::vector<const JsonMember*> out;
  for (const auto& member : members)
    if (member.path.size() == path.size() + 1 && std::equal(path.begin(), path.end(), member.path.begin()))
      out.push_back(&member);
  return out;
}

JsonMap map_json(std::string_view text) {
  return Mapper(text).map();
}

}  // namespace wharf::client
