-- What one user may do in how much time: a bucket of each kind that empties with use and fills evenly again.

-- A bucket is one moment: when it is full again. A user without a row has a full one.
CREATE TABLE user_buckets (
  user_id BIGINT UNSIGNED NOT NULL,
  kind    VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  full_at DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id, kind),
  CONSTRAINT user_buckets_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What an operator has set for one user instead of the configuration's figures. `most` 0 is no limit; `seconds` is the
-- time in which one more is admitted, and has no meaning for the kind `storage`, whose `most` is in MiB.
CREATE TABLE user_quotas (
  user_id BIGINT UNSIGNED NOT NULL,
  kind    VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  most    INT UNSIGNED NOT NULL,
  seconds INT UNSIGNED NOT NULL,
  set_at  DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id, kind),
  CONSTRAINT user_quotas_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
