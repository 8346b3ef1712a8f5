-- What lists and statistics are answered from without looking at every row.

-- What the latest version of each package depends on, one row a name, written in the transaction that changes the package.
-- Where a version needs a name twice, as `normal` and as `dev`, the row is the normal one. `package` is the name of who
-- depends, so that a page of dependents is one stretch of the primary key.
CREATE TABLE package_dependencies (
  name        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  package     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  requirement VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (name, package),
  KEY package_dependencies_package (package)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO package_dependencies (name, package, kind, requirement)
  SELECT d.name, p.name, d.kind, d.requirement FROM packages p
    JOIN versions v ON v.package_id = p.id AND v.version = p.latest_version
    JOIN dependencies d ON d.version_id = v.id
   WHERE d.kind = 'normal' AND d.name <> p.name;

INSERT IGNORE INTO package_dependencies (name, package, kind, requirement)
  SELECT d.name, p.name, d.kind, d.requirement FROM packages p
    JOIN versions v ON v.package_id = p.id AND v.version = p.latest_version
    JOIN dependencies d ON d.version_id = v.id
   WHERE d.kind = 'dev' AND d.name <> p.name;

-- How much there is, in one row that is changed by whoever holds the journal's lock, and by nobody else: counting five
-- million versions takes seconds. `versions` are those that are not removed, `listed` packages have a latest version.
CREATE TABLE registry_totals (
  id       TINYINT UNSIGNED NOT NULL,
  packages BIGINT NOT NULL,
  versions BIGINT NOT NULL,
  listed   BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO registry_totals (id, packages, versions, listed)
  SELECT 1, (SELECT COUNT(*) FROM packages), (SELECT COUNT(*) FROM versions WHERE state <> 'removed'),
         (SELECT COUNT(*) FROM packages WHERE latest_version IS NOT NULL);

-- A page of a list is found in these keys alone; the packages' own rows, which are large, are read for what is shown.
ALTER TABLE packages
  ADD KEY packages_listing (name, latest_version),
  ADD KEY packages_recent (updated_at, id, latest_version),
  DROP KEY packages_updated_at;

-- What is downloaded more than usual: a clerk counts it now and then and keeps the first thousand of each period. `recent` are
-- the downloads of the period that ends today, `earlier` those of the four periods before it.
CREATE TABLE trending_packages (
  period     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  place      INT UNSIGNED NOT NULL,
  package_id BIGINT UNSIGNED NOT NULL,
  recent     BIGINT NOT NULL,
  earlier    BIGINT NOT NULL,
  PRIMARY KEY (period, place)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- When each period was counted last and when it is due again; whoever moves `due_at` on is the one who counts.
CREATE TABLE trending_periods (
  period     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  counted_at DATETIME(3) NULL,
  due_at     DATETIME(3) NOT NULL,
  PRIMARY KEY (period)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO trending_periods (period, counted_at, due_at)
  VALUES ('week', NULL, '2000-01-01 00:00:00'), ('month', NULL, '2000-01-01 00:00:00');
