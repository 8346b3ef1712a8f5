// SPDX-License-Identifier: MIT
// The main of every CppUnit suite: runs the tests whose name contains $T, prints each failure and each skip,
// and ends with `SUITE: N passed, N failed, N skipped`.
#include <cppunit/Exception.h>
#include <cppunit/TestFailure.h>
#include <cppunit/TestListener.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/TestSuite.h>
#include <cppunit/extensions/TestFactoryRegistry.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/skip.hpp"

namespace {

struct Listener : CppUnit::TestListener {
  int passed = 0, failed = 0, skipped = 0;
  bool this_failed = false;
  void startTest(CppUnit::Test*) override {
    this_failed = false;
    wharf::test::skip_reason().clear();
  }
  void addFailure(const CppUnit::TestFailure& failure) override {
    this_failed = true;
    const auto where = failure.sourceLine();
    std::printf("FAILED %s (%s:%d)\n  %s\n  %s\n", failure.failedTestName().c_str(), where.fileName().c_str(),
                where.lineNumber(), failure.thrownException()->message().shortDescription().c_str(),
                failure.thrownException()->message().details().c_str());
  }
  void endTest(CppUnit::Test* test) override {
    if (this_failed) {
      ++failed;
    } else if (!wharf::test::skip_reason().empty()) {
      ++skipped;
      std::printf("skipped %s: %s\n", test->getName().c_str(), wharf::test::skip_reason().c_str());
    } else {
      ++passed;
      if (std::getenv("V")) std::printf("ok %s\n", test->getName().c_str());
    }
    std::fflush(stdout);
  }
};

void run_matching(CppUnit::Test* test, const std::string& pattern, CppUnit::TestResult& result) {
  if (test->getChildTestCount() == 0) {
    if (test->getName().find(pattern) != std::string::npos) test->run(&result);
    return;
  }
  for (int i = 0; i < test->getChildTestCount(); ++i) run_matching(test->getChildTestAt(i), pattern, result);
}

}  // namespace

int main(int, char** argv) {
  const char* pattern = std::getenv("T");
  Listener listener;
  CppUnit::TestResult result;
  result.addListener(&listener);
  CppUnit::Test* all = CppUnit::TestFactoryRegistry::getRegistry().makeTest();
  run_matching(all, pattern ? pattern : "", result);
  delete all;
  const std::string suite = std::filesystem::path(argv[0]).parent_path().filename();
  std::printf("%s: %d passed, %d failed, %d skipped\n", suite.c_str(), listener.passed, listener.failed,
              listener.skipped);
  return listener.failed == 0 ? 0 : 1;
}
