-- The registry's tables. SQL that MySQL 8.0 and MariaDB 10.11 both accept.
--
-- Names, versions and digests are ASCII with a binary collation: 1.0.0-RC1 and 1.0.0-rc1 are two versions.
-- Digests are lower-case hex, so that an operator can read and compare them. Times are UTC with milliseconds.
-- Unique keys hold the invariants; the programs only translate their refusals.

CREATE TABLE users (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  username      VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  email         VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  role          VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'user',
  disabled_at   DATETIME(3) NULL,
  created_at    DATETIME(3) NOT NULL,
  updated_at    DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY users_username (username),
  UNIQUE KEY users_email (email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row per session token that still counts: logout, refresh and a password change delete rows.
CREATE TABLE sessions (
  id         CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id    BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY sessions_user (user_id),
  KEY sessions_expiry (expires_at),
  CONSTRAINT sessions_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE api_tokens (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id      BIGINT UNSIGNED NOT NULL,
  name         VARCHAR(100) NOT NULL,
  digest       CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scopes       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  packages     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '*',
  created_at   DATETIME(3) NOT NULL,
  expires_at   DATETIME(3) NULL,
  last_used_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY api_tokens_digest (digest),
  KEY api_tokens_user (user_id),
  CONSTRAINT api_tokens_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- `document` is what a reader of the package is shown, rendered in the transaction that changes it, so that a read
-- is one row however many versions there are; `summary` is what a list shows of it. `revision` is the package's last
-- journal number.
CREATE TABLE packages (
  id             BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  name           VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  confusion_key  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  revision       BIGINT UNSIGNED NOT NULL DEFAULT 0,
  latest_version VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  document       LONGTEXT NOT NULL,
  summary        MEDIUMTEXT NOT NULL,
  created_at     DATETIME(3) NOT NULL,
  updated_at     DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY packages_name (name),
  UNIQUE KEY packages_confusion_key (confusion_key),
  KEY packages_updated_at (updated_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE package_owners (
  package_id BIGINT UNSIGNED NOT NULL,
  user_id    BIGINT UNSIGNED NOT NULL,
  role       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  added_at   DATETIME(3) NOT NULL,
  added_by   BIGINT UNSIGNED NULL,
  PRIMARY KEY (package_id, user_id),
  KEY package_owners_user (user_id),
  CONSTRAINT package_owners_package_fk FOREIGN KEY (package_id) REFERENCES packages (id),
  CONSTRAINT package_owners_user_fk FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The blobs that versions refer to. gc locks a row here before it unlinks the file, so it cannot cross a publish.
CREATE TABLE blobs (
  digest     CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  size       BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (digest)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- `identity` is the version without build metadata. A removed version keeps its row, so its number is never free again;
-- it gives up its blob.
CREATE TABLE versions (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  package_id   BIGINT UNSIGNED NOT NULL,
  version      VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  identity     VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  digest       CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  blob_digest  CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  size         BIGINT UNSIGNED NOT NULL,
  dialect      VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  manifest     MEDIUMTEXT NOT NULL,
  state        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'active',
  yank_reason  VARCHAR(500) NULL,
  published_by BIGINT UNSIGNED NOT NULL,
  published_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY versions_identity (package_id, identity),
  KEY versions_blob (blob_digest),
  KEY versions_published_by (published_by, published_at),
  CONSTRAINT versions_package_fk FOREIGN KEY (package_id) REFERENCES packages (id),
  CONSTRAINT versions_blob_fk FOREIGN KEY (blob_digest) REFERENCES blobs (digest),
  CONSTRAINT versions_user_fk FOREIGN KEY (published_by) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE readmes (
  version_id BIGINT UNSIGNED NOT NULL,
  file       VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content    MEDIUMTEXT NOT NULL,
  PRIMARY KEY (version_id),
  CONSTRAINT readmes_version_fk FOREIGN KEY (version_id) REFERENCES versions (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who depends on whom; the rest of a dependency stands in the version's manifest.
CREATE TABLE dependencies (
  version_id  BIGINT UNSIGNED NOT NULL,
  name        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  requirement VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (version_id, name, kind),
  KEY dependencies_name (name, kind),
  CONSTRAINT dependencies_version_fk FOREIGN KEY (version_id) REFERENCES versions (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE version_keywords (
  version_id BIGINT UNSIGNED NOT NULL,
  keyword    VARCHAR(128) NOT NULL,
  PRIMARY KEY (version_id, keyword),
  KEY version_keywords_keyword (keyword),
  CONSTRAINT version_keywords_version_fk FOREIGN KEY (version_id) REFERENCES versions (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What happened, numbered 1, 2, 3 … without gaps. Rows are only ever added. hash = SHA-256(previous hash ‖ body), hex.
CREATE TABLE journal (
  seq     BIGINT UNSIGNED NOT NULL,
  at      DATETIME(3) NOT NULL,
  action  VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  package VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  actor   VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body    LONGTEXT NOT NULL,
  hash    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (seq),
  KEY journal_package (package, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Whoever appends to the journal locks this one row first. It holds no number: the next one is MAX(seq) + 1, so the
-- two can never disagree after a crash.
CREATE TABLE journal_lock (
  id TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO journal_lock (id) VALUES (1);

-- How far each machine's clerk has read. Committing its row makes everything up to `seq` durable before a file shows it.
CREATE TABLE clerks (
  machine VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq     BIGINT UNSIGNED NOT NULL,
  hash    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seen_at DATETIME(3) NOT NULL,
  PRIMARY KEY (machine)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who did what, from where, and why; private.
CREATE TABLE audit (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  at         DATETIME(3) NOT NULL,
  action     VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor      VARCHAR(64) NULL,
  subject    VARCHAR(255) NULL,
  address    VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL,
  reason     VARCHAR(500) NULL,
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (id),
  KEY audit_at (at),
  KEY audit_subject (subject, at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
