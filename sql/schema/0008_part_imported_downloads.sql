-- Of the counts in version_downloads, those that came with an import and stand in no log of ours: what counts are checked
-- against is the kept logs and these.
CREATE TABLE imported_downloads (
  version_id BIGINT UNSIGNED NOT NULL,
  day        DATE NOT NULL,
  count      BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (version_id, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
