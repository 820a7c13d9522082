#!/usr/bin/env bash
# Restores, builds and runs every test; the last line is "N passed, N failed" (and ", N skipped" if any).
# Arguments go to `dotnet test`:  ./test.sh --filter Ring=unit
# TFT_TEST_INSTALL=0 leaves the machine as it is: nothing is installed, what is missing is named.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
configuration=${TFT_TEST_CONFIGURATION:-Debug}

# What some tests drive for real: command (or library.so, or python:module), Debian package, what is skipped without it.
needs() {
    cat <<'TABLE'
redis-server redis-server the journal and the cache on a real Redis
chromium chromium the dashboard in a real browser
prometheus prometheus the prometheus source on a real Prometheus
prometheus-node-exporter prometheus-node-exporter the node_exporter preset
pg_lsclusters postgresql the postgresql source on a real PostgreSQL
influxd influxdb the influxdb source on a real InfluxDB 1
libmongoc-1.0.so.0 libmongoc-1.0-0 the mongodb source
python:pymongo python3-pymongo the MongoDB double before an official client
go golang-go the Go forwarder
TABLE
}

has() {
    case $1 in
        python:*) [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "import ${1#python:}" 2>/dev/null ;;
        *.so.*) /sbin/ldconfig -p | grep -F "$1" >/dev/null ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

# RUNLEVEL=1 keeps Debian from starting a daemon on installation: the tests start their own.
install_package() {
    [ "${TFT_TEST_INSTALL:-1}" != 0 ] && command -v apt-get >/dev/null || return 1
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        timeout 300 apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1
}

while read -r program package what; do
    has "$program" && continue
    echo "installing $package, which the tests of $what need"
    install_package "$package" && has "$program" ||
        echo "SKIPPED without $program: $what (apt-get install $package)"
done < <(needs)

command -v dotnet >/dev/null || { echo "the .NET 10 SDK is missing"; echo "0 passed, 0 failed"; exit 1; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT

if ! dotnet build Tft.sln --configuration "$configuration" --nologo --verbosity quiet; then
    echo "the build failed"
    echo "0 passed, 0 failed"
    exit 1
fi

dotnet test Tft.sln --no-build --configuration "$configuration" --nologo --blame-hang-timeout 10m "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# One line for each test project: "Passed!  - Failed:     0, Passed:    10, Skipped:     1, Total:    11, ..."
read -r passed failed skipped < <(awk '
    match($0, /Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+/) {
        split(substr($0, RSTART, RLENGTH), part, /[:,] */)
        failed += part[2]; passed += part[4]; skipped += part[6]
    }
    END { print passed + 0, failed + 0, skipped + 0 }' "$log")

# A crashed or aborted run reports fewer failures than it has: never let it pass.
[ "$status" = 0 ] || [ "$failed" != 0 ] || echo "the test run broke off (exit code $status)"
[ "$((passed + failed))" != 0 ] || { echo "no test ran"; status=1; }
[ "$failed" = 0 ] || status=1

summary="$passed passed, $failed failed"
[ "$skipped" = 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$status" = 0 ] || exit 1
