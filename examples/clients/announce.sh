#!/bin/sh
# announce.sh TITLE FILE...: a report without the API, with curl, psql and nats. Settings as in .env.example.
set -eu
title=$1
shift
report=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen | tr 'A-F' 'a-f')
export PGHOST="$DB_HOST" PGPORT="$DB_PORT" PGDATABASE="${DB_NAME:-signal_pipeline}" PGUSER="$DB_USERNAME" PGPASSWORD="$DB_PASSWORD"
sql() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@" >/dev/null; }

# 1. The objects, by number: their names are the readers' and lie in the rows.
number=0
for file in "$@"; do
    number=$((number + 1))
    curl --silent --show-error --fail-with-body --retry 5 --upload-file "$file" \
        --aws-sigv4 "aws:amz:${S3_REGION:-us-east-1}:s3" --user "$S3_ACCESS_KEY:$S3_SECRET_KEY" \
        "$S3_ENDPOINT/${S3_BUCKET:-bug-repro-artifacts}/reports/$report/$number"
done

# 2. The rows, in one transaction.
{
    echo "begin; insert into reports (id, title, source) values (:'report', :'title', 'announce.sh');"
    number=0
    for file in "$@"; do
        number=$((number + 1))
        name=$(basename "$file" | sed "s/'/''/g")
        echo "insert into signals (report_id, name, object_key, size_bytes)" \
            "values (:'report', '$name', 'reports/$report/$number', $(wc -c < "$file"));"
    done
    echo "commit;"
} | sql --set "report=$report" --set "title=$title"

# 3. The message. With an id, so that sending it twice is once.
nats --server "$NATS_URL" pub --header "Nats-Msg-Id:$report" report.signals "{\"report_id\": \"$report\"}" >/dev/null
echo "$report"
