-- What was carried over from another registry, so that an import goes on where it was interrupted, does nothing twice,
-- and a later one brings what is new there. `foreign_id` is the thing's key there, `local_id` its id in users,
-- api_tokens, packages or versions; it may be gone from there since, and is then not made again. Of a version, `downloads`
-- and `yanked` are what was known of it there when it was last looked at. No foreign keys: a record outlives its thing.

CREATE TABLE imported (
  dialect     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  foreign_id  VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  local_id    BIGINT UNSIGNED NOT NULL,
  downloads   BIGINT UNSIGNED NOT NULL DEFAULT 0,
  yanked      TINYINT NOT NULL DEFAULT 0,
  imported_at DATETIME(3) NOT NULL,
  PRIMARY KEY (dialect, kind, foreign_id),
  KEY imported_local (kind, local_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
