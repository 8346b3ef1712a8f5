-- The rights of each database user, table by table: a table that is not named here is out of reach. Applied after the
-- migrations, by an account that may grant, in the registry's schema; the users must exist.
--
-- wharf_worker   serves requests: may add to the journal and the audit log, and change neither; of accounts and
--                packages only what their users change: no role (a new account is a user's), no state of an
--                account, no quarantine
-- wharf_clerk    follows the journal: reads it, and keeps its own position; counts downloads; adds to the audit log that
--                its projections were made anew
REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'wharf_worker'@'localhost', 'wharf_clerk'@'localhost';

GRANT SELECT ON schema_migrations TO 'wharf_worker'@'localhost', 'wharf_clerk'@'localhost';

GRANT SELECT, INSERT (username, email, password_hash, created_at, updated_at), UPDATE (password_hash, updated_at)
  ON users TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON api_tokens TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE (revision, latest_version, document, summary, updated_at) ON packages
  TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON package_owners TO 'wharf_worker'@'localhost';
GRANT SELECT ON reserved_names TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE ON versions TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON readmes TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON dependencies TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON version_keywords TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON package_dependencies TO 'wharf_worker'@'localhost';
GRANT SELECT, UPDATE ON registry_totals TO 'wharf_worker'@'localhost';
GRANT SELECT ON trending_packages TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON blobs TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT ON journal TO 'wharf_worker'@'localhost';
GRANT SELECT, UPDATE ON journal_lock TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT ON audit TO 'wharf_worker'@'localhost';
GRANT SELECT ON clerks TO 'wharf_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE ON user_buckets TO 'wharf_worker'@'localhost';
GRANT SELECT ON user_quotas TO 'wharf_worker'@'localhost';
GRANT SELECT ON version_downloads TO 'wharf_worker'@'localhost';
GRANT SELECT ON package_downloads TO 'wharf_worker'@'localhost';
GRANT SELECT ON daily_downloads TO 'wharf_worker'@'localhost';
GRANT SELECT ON version_download_totals TO 'wharf_worker'@'localhost';
GRANT SELECT ON download_totals TO 'wharf_worker'@'localhost';

GRANT SELECT ON journal TO 'wharf_clerk'@'localhost';
GRANT INSERT ON audit TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, UPDATE ON clerks TO 'wharf_clerk'@'localhost';
GRANT SELECT (id, name) ON packages TO 'wharf_clerk'@'localhost';
GRANT SELECT (id, package_id, version, identity) ON versions TO 'wharf_clerk'@'localhost';
GRANT SELECT ON readmes TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, UPDATE ON version_downloads TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, UPDATE ON package_downloads TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, UPDATE ON daily_downloads TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, UPDATE ON version_download_totals TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, UPDATE ON download_totals TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, UPDATE ON download_logs TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, DELETE ON raw_downloads TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, DELETE ON download_salts TO 'wharf_clerk'@'localhost';
GRANT SELECT, INSERT, DELETE ON trending_packages TO 'wharf_clerk'@'localhost';
GRANT SELECT, UPDATE ON trending_periods TO 'wharf_clerk'@'localhost';
