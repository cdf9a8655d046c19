-- When whoever has a session last showed that it is theirs: by signing in, or by their password later on. Only sessions of the admin page
-- have it, which are left open on a desk; programs that sign in as admins are asked nothing.
ALTER TABLE sessions ADD COLUMN confirmed_at TEXT;
