-- How often archives were downloaded, and how far each download log was counted.
--
-- version_downloads is what was counted; every other figure is a sum of it, kept so that a page costs one look and not a
-- walk over years. Days are UTC. Foreign keys are left out, so that counting never locks what a publish locks.

CREATE TABLE version_downloads (
  version_id BIGINT UNSIGNED NOT NULL,
  day        DATE NOT NULL,
  count      BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (version_id, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE package_downloads (
  package_id BIGINT UNSIGNED NOT NULL,
  day        DATE NOT NULL,
  count      BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (package_id, day),
  KEY package_downloads_day (day, package_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE daily_downloads (
  day   DATE NOT NULL,
  count BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE version_download_totals (
  version_id BIGINT UNSIGNED NOT NULL,
  package_id BIGINT UNSIGNED NOT NULL,
  total      BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (version_id),
  KEY version_download_totals_package (package_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE download_totals (
  package_id BIGINT UNSIGNED NOT NULL,
  total      BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (package_id),
  KEY download_totals_total (total, package_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row per log file that was ever counted from, kept for good: a log that comes back is not counted twice. `identity`
-- is the SHA-256 of the file's first line, which holds a random request id; so a log is known again after it was renamed,
-- compressed or moved to another machine, and a reused inode is not taken for it. `closed_at` is set once the log had
-- been put aside and was counted to its end.
CREATE TABLE download_logs (
  identity   CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  machine    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  path       VARCHAR(1024) NOT NULL,
  device     BIGINT NOT NULL,
  inode      BIGINT NOT NULL,
  born_ns    BIGINT NOT NULL,
  bytes_read BIGINT UNSIGNED NOT NULL,
  lines_read BIGINT UNSIGNED NOT NULL,
  counted    BIGINT UNSIGNED NOT NULL,
  unknown    BIGINT UNSIGNED NOT NULL,
  unreadable BIGINT UNSIGNED NOT NULL,
  first_at   DATETIME(3) NOT NULL,
  last_at    DATETIME(3) NOT NULL,
  closed_at  DATETIME(3) NULL,
  PRIMARY KEY (identity),
  KEY download_logs_machine (machine, last_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Only where downloads.raw is on, and only for downloads.raw_retention_days. `address` is HMAC-SHA-256 of the address
-- with the day's salt.
CREATE TABLE raw_downloads (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  version_id BIGINT UNSIGNED NOT NULL,
  at         DATETIME(3) NOT NULL,
  address    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  agent      VARCHAR(255) NOT NULL,
  PRIMARY KEY (id),
  KEY raw_downloads_at (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Today's salt alone; it is thrown away when the day is over.
CREATE TABLE download_salts (
  day  DATE NOT NULL,
  salt CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
