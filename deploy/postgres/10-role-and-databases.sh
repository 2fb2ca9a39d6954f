#!/bin/sh
# Two roles, neither a superuser, each with a database that the other cannot connect to: the product's and Dagster's.
# The image runs this once, when its volume is empty. Run again it changes passwords, and hands over what one role owned in
# earlier versions:  docker compose exec postgres /docker-entrypoint-initdb.d/10-role-and-databases.sh
# Extensions go into the template, because making `vector` needs a superuser.
set -eu
psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" \
  --dbname template1 <<'SQL'
\getenv role DB_USERNAME
\getenv password DB_PASSWORD
\getenv product DB_NAME
\getenv dagster_role DAGSTER_DB_USERNAME
\getenv dagster_password DAGSTER_DB_PASSWORD
\getenv dagster DAGSTER_DB_NAME
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
\connect postgres
SELECT format('CREATE ROLE %I', name) FROM (VALUES (:'role'), (:'dagster_role')) AS wanted (name)
 WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE :"role" LOGIN PASSWORD :'password';
ALTER ROLE :"dagster_role" LOGIN PASSWORD :'dagster_password';
SELECT format('CREATE DATABASE %I OWNER %I', name, owner)
  FROM (VALUES (:'product', :'role'), (:'dagster', :'dagster_role')) AS wanted (name, owner)
 WHERE name NOT IN (SELECT datname FROM pg_database) \gexec
REVOKE ALL ON DATABASE :"product" FROM PUBLIC;
REVOKE ALL ON DATABASE :"dagster" FROM PUBLIC;
\connect :"dagster"
SELECT format('REASSIGN OWNED BY %I TO %I', :'role', :'dagster_role')
  FROM pg_database WHERE datname = :'dagster' AND pg_get_userbyid(datdba) = :'role' AND :'role' <> :'dagster_role' \gexec
ALTER DATABASE :"product" OWNER TO :"role";
SQL
