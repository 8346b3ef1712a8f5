-- What the operator does about packages that should not be there.

-- A quarantined package keeps its rows and archives and is shown to nobody. Its `latest_version` is NULL for as long, so
-- that whatever lists packages by it leaves the package out.
ALTER TABLE packages
  ADD COLUMN quarantined_at DATETIME(3) NULL,
  ADD COLUMN quarantine_reason VARCHAR(500) NULL,
  ADD KEY packages_quarantined_at (quarantined_at);

-- Names that no package may take, beside those of the configuration. The key is that of `packages`: a reserved name also
-- keeps away what a person would confuse with it.
CREATE TABLE reserved_names (
  confusion_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason        VARCHAR(500) NULL,
  reserved_by   VARCHAR(64) NOT NULL,
  reserved_at   DATETIME(3) NOT NULL,
  PRIMARY KEY (confusion_key),
  UNIQUE KEY reserved_names_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
