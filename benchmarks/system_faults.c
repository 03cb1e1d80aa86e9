/* Make the n-th system call on files below a folder fail, of all or of some names. Loaded with
   LD_PRELOAD by system_faults.py, which calls fault_arm in a forked process. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static const char *root;
static long at, calls;
static int code, lasting;
static const char *only;  /* names of calls, each between spaces; NULL: all */

void fault_arm(const char *folder, long number, int error, int all_after) {
  root = strdup(folder);
  at = number;
  code = error;
  lasting = all_after;
  calls = 0;
}

void fault_only(const char *names) { only = strdup(names); }

long fault_calls(void) { return calls; }

static int below(const char *path) {
  char real[PATH_MAX];
  if (!root || !path) return 0;
  if (path[0] != '/') {
    if (!getcwd(real, sizeof real)) return 0;
    return !strncmp(real, root, strlen(root));
  }
  return !strncmp(path, root, strlen(root));
}

static int open_below(int fd) {
  char name[64], path[PATH_MAX];
  if (!root) return 0;
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(name, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return below(path);
}

/* Whether one of the names of a call is among those that fail. */
static int named(const char *names) {
  char name[64];
  for (int length; sscanf(names, " %63s%n", name, &length) == 1; names += length) {
    size_t size = strlen(name);
    for (const char *found = only; (found = strstr(found, name)); found += size)
      if (found[-1] == ' ' && found[size] == ' ') return 1;
  }
  return 0;
}

static int fails(int counted, const char *name) {
  if (!counted || (only && !named(name))) return 0;
  calls++;
  if (calls == at || (lasting && at && calls > at)) {
    errno = code;
    return 1;
  }
  return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define WITH_MODE(name)                                     \
  int name(const char *path, int flags, ...) {              \
    va_list rest;                                           \
    va_start(rest, flags);                                  \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                           \
    return fails(below(path), " " #name " ") ? -1 : REAL(name)(path, flags, mode); \
  }
WITH_MODE(open)
WITH_MODE(open64)

#define ON_FD(type, name, parameters, arguments) \
  type name parameters { \
    return fails(open_below(fd), " " #name " ") ? -1 : REAL(name) arguments;         \
  }
ON_FD(ssize_t, read, (int fd, void *data, size_t size), (fd, data, size))
ON_FD(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
ON_FD(ssize_t, pread64, (int fd, void *data, size_t size, off64_t from), (fd, data, size, from))
ON_FD(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t to), (fd, data, size, to))
int fsync(int fd) {
  struct stat data;
  int folder = !REAL(fstat)(fd, &data) && S_ISDIR(data.st_mode);
  return fails(open_below(fd), folder ? " fsync fsync_folder " : " fsync ") ? -1 : REAL(fsync)(fd);
}
ON_FD(int, fdatasync, (int fd), (fd))
ON_FD(int, flock, (int fd, int operation), (fd, operation))
ON_FD(int, fchmod, (int fd, mode_t mode), (fd, mode))
ON_FD(int, ftruncate64, (int fd, off64_t size), (fd, size))

#define ON_PATH(type, failure, name, parameters, arguments) \
  type name parameters { \
    return fails(below(path), " " #name " ") ? failure : REAL(name) arguments;             \
  }
ON_PATH(int, -1, mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH(int, -1, unlink, (const char *path), (path))
ON_PATH(int, -1, rename, (const char *path, const char *target), (path, target))
ON_PATH(int, -1, link, (const char *path, const char *target), (path, target))
ON_PATH(int, -1, renameat2,
        (int a, const char *path, int b, const char *target, unsigned flags),
        (a, path, b, target, flags))
ON_PATH(DIR *, NULL, opendir, (const char *path), (path))
ON_PATH(int, -1, stat64, (const char *path, struct stat64 *data), (path, data))
ON_PATH(int, -1, lstat64, (const char *path, struct stat64 *data), (path, data))
ON_PATH(int, -1, stat, (const char *path, struct stat *data), (path, data))
ON_PATH(int, -1, lstat, (const char *path, struct stat *data), (path, data))

int fcntl64(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  int counted = command == F_SETLK || command == F_SETLKW || command == F_SETLEASE;
  return fails(counted && open_below(fd), " fcntl64 ") ? -1 : REAL(fcntl64)(fd, command, argument);
}
