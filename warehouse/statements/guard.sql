-- From here on this connection reads nothing but its own file, and cannot be talked out of it.
SET enable_external_access = false;
SET lock_configuration = true;
