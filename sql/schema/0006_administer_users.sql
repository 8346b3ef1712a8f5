-- An account that was deleted keeps its row, and with it its name, so that nobody can come back as somebody else. It
-- gives up its e-mail, its password, its sessions and its tokens.
ALTER TABLE users ADD COLUMN deleted_at DATETIME(3) NULL AFTER disabled_at;

-- What exactly was changed, beside the reason why.
ALTER TABLE audit ADD COLUMN detail VARCHAR(500) NULL AFTER reason;
