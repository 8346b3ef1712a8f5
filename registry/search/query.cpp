// SPDX-License-Identifier: MIT
#include "registry/search/query.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "libwharf/base/text.hpp"
#include "registry/search/words.hpp"

namespace wharf::search {

namespace {

struct Token {
  enum class Kind { text, phrase, open, close, conjunction, disjunction, negation, minus };
  Kind kind;
  Field field = Field::none;
  std::string text;
};

struct NotOfTheForm {};

constexpr std::array<std::pair<std::string_view, Field>, 6> k_fields{{{"author", Field::author},
                                                                      {"category", Field::category},
                                                                      {"keyword", Field::keyword},
                                                                      {"license", Field::license},
                                                                      {"licence", Field::license},
                                                                      {"name", Field::name}}};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  std::vector<Token> all() {
    std::vector<Token> tokens;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_space(c)) {
        ++at_;
      } else if (c == '(' || c == ')') {
        ++at_;
        tokens.push_back({c == '(' ? Token::Kind::open : Token::Kind::close, Field::none, {}});
      } else if ((c == '-' || c == '+') && starts_term() && at_ + 1 < text_.size() &&
                 !is_space(text_[at_ + 1])) {
        ++at_;
        if (c == '-') tokens.push_back({Token::Kind::minus, Field::none, {}});
      } else if (c == '"') {
        tokens.push_back({Token::Kind::phrase, Field::none, quoted_text()});
      } else {
        tokens.push_back(bare());
      }
    }
    return tokens;
  }

 private:
  bool starts_term() const { return at_ == 0 || is_space(text_[at_ - 1]) || text_[at_ - 1] == '('; }

  std::string quoted_text() {
    const auto end = text_.find('"', at_ + 1);
    if (end == text_.npos) throw NotOfTheForm();
    std::string inside(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return inside;
  }

  Token bare() {
    const std::size_t start = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '"' && text_[at_] != '(' &&
           text_[at_] != ')') {
      if (text_[at_] == ':' && at_ > start) {
        const auto name = fold(text_.substr(start, at_ - start));
        const auto found = std::ranges::find(k_fields, name, &std::pair<std::string_view, Field>::first);
        if (found != k_fields.end()) {
          ++at_;
          return value_of(found->second);
        }
      }
      ++at_;
    }
    const auto word = text_.substr(start, at_ - start);
    if (word == "AND") return {Token::Kind::conjunction, Field::none, {}};
    if (word == "OR") return {Token::Kind::disjunction, Field::none, {}};
    if (word == "NOT") return {Token::Kind::negation, Field::none, {}};
    return {Token::Kind::text, Field::none, std::string(word)};
  }

  Token value_of(Field field) {
    if (at_ < text_.size() && text_[at_] == '"') return {Token::Kind::phrase, field, quoted_text()};
    const std::size_t start = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != ')') ++at_;
    if (at_ == start) throw NotOfTheForm();
    return {Token::Kind::text, field, std::string(text_.substr(start, at_ - start))};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Node whole() {
    Node node = either();
    if (at_ != tokens_.size()) throw NotOfTheForm();
    return node;
  }
  bool has_conjunction() const { return has_conjunction_; }

 private:
  bool next_is(Token::Kind kind) const { return at_ < tokens_.size() && tokens_[at_].kind == kind; }

  Node either() {
    std::vector<Node> parts{together()};
    while (next_is(Token::Kind::disjunction)) {
      ++at_;
      parts.push_back(together());
    }
    if (parts.size() == 1) return std::move(parts.front());
    Node node{Node::Kind::any, Field::none, {}, {}, {}};
    // A side without a word that counts ("…" OR json) takes part in nothing.
    for (auto& part : parts)
      if (part.kind != Node::Kind::all || !part.parts.empty()) node.parts.push_back(std::move(part));
    return node;
  }

  // Always of kind `all`.
  Node together() {
    Node node{Node::Kind::all, Field::none, {}, {}, {}};
    bool due = true;  // an operand must come
    while (at_ < tokens_.size() && !next_is(Token::Kind::close) && !next_is(Token::Kind::disjunction)) {
      if (next_is(Token::Kind::conjunction)) {
        if (due) throw NotOfTheForm();
        ++at_;
        due = has_conjunction_ = true;
        continue;
      }
      due = false;
      if (next_is(Token::Kind::negation) || next_is(Token::Kind::minus)) {
        ++at_;
        Node without{Node::Kind::none_of, Field::none, {}, {}, {}};
        add_operand(without);
        if (without.parts.size() > 1) {  // `-std::move`: not these words together
          Node group{Node::Kind::all, Field::none, {}, {}, std::move(without.parts)};
          without.parts = {std::move(group)};
        }
        if (!without.parts.empty()) node.parts.push_back(std::move(without));
        continue;
      }
      add_operand(node);
    }
    if (due) throw NotOfTheForm();
    return node;
  }

  void add_operand(Node& node) {
    if (at_ >= tokens_.size()) throw NotOfTheForm();
    Token& token = tokens_[at_++];
    switch (token.kind) {
      case Token::Kind::open: {
        if (++depth_ > k_deepest) throw NotOfTheForm();
        Node group = either();
        if (!next_is(Token::Kind::close)) throw NotOfTheForm();
        ++at_;
        --depth_;
        if (group.kind != Node::Kind::all || !group.parts.empty()) node.parts.push_back(std::move(group));
        return;
      }
      case Token::Kind::phrase:
        return add_phrase(node, token);
      case Token::Kind::text:
        return add_text(node, token);
      default:
        throw NotOfTheForm();
    }
  }

  void add_phrase(Node& node, Token& token) {
    if (token.field != Field::none) return add_value(node, token);
    auto words = words_of(token.text, room());
    used_ += words.size();
    if (words.empty()) return;
    Node phrase{Node::Kind::phrase, Field::none, {}, std::move(words), {}};
    node.parts.push_back(std::move(phrase));
  }

  void add_value(Node& node, Token& token) {
    if (room() == 0) return;
    const bool open_ended = token.kind == Token::Kind::text && token.text.ends_with('*');
    if (words_of(token.text, 1).empty()) return;
    ++used_;
    Node value{Node::Kind::word, token.field, std::move(token.text), {}, {}};
    if (open_ended) {
      value.text.pop_back();
      if (may_be_open_ended(value.text)) value.kind = Node::Kind::beginning;
    }
    node.parts.push_back(std::move(value));
  }

  void add_text(Node& node, Token& token) {
    if (token.field != Field::none) return add_value(node, token);
    const bool open_ended = token.text.ends_with('*');
    auto words = words_of(token.text, room());
    used_ += words.size();
    for (auto& word : words) node.parts.push_back({Node::Kind::word, Field::none, std::move(word), {}, {}});
    if (open_ended && !words.empty() && may_be_open_ended(node.parts.back().text))
      node.parts.back().kind = Node::Kind::beginning;
  }

  bool may_be_open_ended(std::string_view word) {
    return word.size() >= 2 && wildcards_ < k_most_wildcards && ++wildcards_ > 0;
  }

  std::size_t room() const { return k_most_words - std::min(used_, k_most_words); }

  std::vector<Token> tokens_;
  std::size_t at_ = 0, used_ = 0, wildcards_ = 0;
  int depth_ = 0;
  bool has_conjunction_ = false;
};

std::string_view bounded(std::string_view text) {
  if (text.size() <= k_longest_query) return text;
  std::size_t end = k_longest_query;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

// The words are all there is: it may be a package's name.
std::string name_of(const ParsedQuery& query) {
  if (!query.conditions.empty() || query.words.empty() || query.words.size() > 8) return {};
  std::string name;
  for (const auto& word : query.words) name += word;
  const bool ascii = std::ranges::all_of(name, is_alphanumeric);
  return ascii && name.size() <= k_longest_word ? name : std::string();
}

void add_word(ParsedQuery& query, std::string word) {
  if (std::ranges::find(query.words, word) == query.words.end()) query.words.push_back(std::move(word));
}

// What is a condition of a field alone does not stand in the way of a name: `json category:parsers`.
std::string name_beside_fields(const ParsedQuery& query) {
  for (const auto& condition : query.conditions)
    if (condition.field == Field::none) return {};
  ParsedQuery bare;
  bare.words = query.words;
  return name_of(bare);
}

}  // namespace

ParsedQuery parse_query(std::string_view text) {
  text = bounded(text);
  ParsedQuery query;
  try {
    auto tokens = Tokens(text).all();
    if (tokens.empty()) return query;
    Parser parser(std::move(tokens));
    Node root = parser.whole();
    query.demands_all = parser.has_conjunction();
    if (root.kind == Node::Kind::all) {
      for (auto& part : root.parts) {
        if (part.kind == Node::Kind::word && part.field == Field::none) {
          add_word(query, std::move(part.text));
        } else if (part.kind == Node::Kind::none_of) {
          for (auto& one : part.parts) query.excluded.push_back(std::move(one));
        } else {
          query.conditions.push_back(std::move(part));
        }
      }
    } else if (!root.parts.empty()) {
      query.conditions.push_back(std::move(root));
    }
  } catch (const NotOfTheForm&) {
    query = {};
    for (auto& word : words_of(text, k_most_words)) add_word(query, std::move(word));
  }
  query.name = name_beside_fields(query);
  return query;
}

}  // namespace wharf::search
