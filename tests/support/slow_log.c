// SPDX-License-Identifier: MIT
// Preloaded into mariadbd: each write to InnoDB's log is held back for SLOW_LOG_MS milliseconds. A commit can be seen by
// others before its part of the log is written, and a kill in between undoes it; this makes that moment long enough to be
// met by a test.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

typedef ssize_t write_function(int, const void*, size_t, off64_t);

static int is_log(int fd) {
  static const char name[] = "/ib_logfile0";
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path);
  const ssize_t end = (ssize_t)sizeof name - 1;
  return length >= end && memcmp(path + length - end, name, (size_t)end) == 0;
}

static ssize_t held_back(const char* function, int fd, const void* data, size_t size, off64_t offset) {
  write_function* real = (write_function*)dlsym(RTLD_NEXT, function);
  const char* delay = getenv("SLOW_LOG_MS");
  if (delay != NULL && is_log(fd)) {
    const long milliseconds = atol(delay);
    const struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
  }
  return real(fd, data, size, offset);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) { return held_back("pwrite", fd, data, size, offset); }
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) { return held_back("pwrite64", fd, data, size, offset); }
