#!/bin/sh
# The image runs this once, when its volume is empty: the product's role, which is no superuser, and its two databases.
# Extensions go into the template, because making `vector` needs a superuser.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname template1 <<'SQL'
\getenv role DB_USERNAME
\getenv password DB_PASSWORD
\getenv product DB_NAME
\getenv dagster DAGSTER_DB_NAME
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE ROLE :"role" LOGIN PASSWORD :'password';
\connect postgres
CREATE DATABASE :"product" OWNER :"role";
CREATE DATABASE :"dagster" OWNER :"role";
SQL
