# What several checks need; sourced. `work` is a folder that goes with the check.

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }

# pg_ctl for the check's cluster.
control() { as_postgres "$postgres/pg_ctl" "$@" -D "$work/cluster" >/dev/null; }

# Starts the check's cluster, after a crash too.
start_postgres() { control start -w -l "$work/cluster.log" -o "-p $port -h 127.0.0.1 -k ''"; }

# Makes a cluster of PostgreSQL in `work` and starts it on `port`; the user is `meed`.
make_postgres() {
    postgres=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
    port=$((20000 + RANDOM % 20000))
    chmod 777 "$work"
    as_postgres "$postgres/initdb" --auth=trust --encoding=UTF8 --locale=C --username=meed -D "$work/cluster" >/dev/null
    start_postgres
}

# Serves a demonstration, with further arguments; sets `server` and `url`.
serve_demo() {
    ${MEED:-target/debug/meed} serve --demo --listen 127.0.0.1:0 "$@" 2>"$work/log" &
    server=$!
    url=
    for _ in $(seq 300); do
        url=$(grep -oE 'http://[0-9.:]+' "$work/log" || true)
        [ -z "$url" ] || { curl -sf -o "$work/openapi.json" "$url/api/v1/openapi.json"; return; }
        kill -0 $server || { cat "$work/log" >&2; return 1; }
        sleep 1
    done
    echo "the demonstration took longer than five minutes" >&2
    return 1
}

# Signs a sample person in; sets `cookie` and `csrf`.
sign_in() {
    local jar="$work/jar"
    local page
    page=$(curl -sf -c "$jar" "$url/sign-in")
    curl -sf -b "$jar" -c "$jar" -o /dev/null "$url/sign-in/as" \
        --data-urlencode "csrf=$(token <<<"$page")" --data-urlencode "person=$1" --data-urlencode next=/account
    csrf=$(curl -sf -b "$jar" "$url/account" | token)
    cookie=$(awk '$6 == "meed" { print $7 }' "$jar")
}

# Makes a token that reads, of this name, for who signed in, and tells it. It ends as tomorrow begins in China.
make_token() {
    local jar="$work/jar" page
    curl -sf -b "$jar" -c "$jar" -o /dev/null "$url/step-up" --data-urlencode "csrf=$csrf" --data-urlencode code= --data-urlencode next=/account/tokens
    csrf=$(curl -sf -b "$jar" "$url/account/tokens" | token)
    cookie=$(awk '$6 == "meed" { print $7 }' "$jar")
    page=$(curl -sf -b "$jar" "$url/account/tokens" \
        --data-urlencode "csrf=$csrf" --data-urlencode "name=$1" --data-urlencode scope=read \
        --data-urlencode "expires=$(TZ=CST-8 date -d tomorrow +%F)")
    grep -oE 'meed_[0-9a-f]{64}' <<<"$page"
}

token() { grep -oE 'name="csrf" value="[0-9a-f]+"' | head -1 | grep -oE '[0-9a-f]{64}'; }

# Asks the interface for programs all that its description allows and more, in the name of who signed in: seconds, phases, checks.
schemathesis() {
    local venv=target/ci-schemathesis
    [ -x $venv/bin/schemathesis ] || { python3 -m venv $venv && $venv/bin/pip install --quiet schemathesis==4.32.5; }
    $venv/bin/schemathesis run "$work/openapi.json" --url "$url" --header "Cookie: meed=$cookie" --header "x-csrf-token: $csrf" \
        --seed 20230223 --generation-database none --max-examples 10 --max-time "$1" --no-color --continue-on-failure \
        --suppress-health-check all --warnings off --phases "$2" --checks "$3"
}
