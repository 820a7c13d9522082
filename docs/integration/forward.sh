#!/usr/bin/env bash
# Forwards metrics to Tft. bash 5, curl, awk.
#
#   forward.sh            this machine's metrics (Linux), every TFT_INTERVAL seconds
#   forward.sh --once     one reading, then ends
#   forward.sh -          records from standard input, one JSON object a line
#
# Settings are environment variables; docs/integration.md lists them.
set -u
export LC_ALL=C
shopt -s nullglob

url=${TFT_URL:-http://localhost:8000}; url=${url%/}/feed
key=${TFT_API_KEY:-}
host=$(cat /proc/sys/kernel/hostname 2>/dev/null || hostname)
source_name=${TFT_SOURCE:-forward-$host}
spool=${TFT_SPOOL:-tft-spool}
spool_max=${TFT_SPOOL_MAX:-1000}
batch_size=${TFT_BATCH:-500}
interval=${TFT_INTERVAL:-5}
number=0 failures=0 retry_at=0

say() { printf '%s\n' "$*" >&2; }
now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }
waiting() { files=("$spool"/*.json); }

# A file for each batch, one record a line between the brackets: it survives a kill, and can be split without a JSON parser.
write_batch() { # name, records...
  local path=$spool/$1.json; shift
  { echo '['; local comma=; for record; do printf '%s%s\n' "$comma" "$record"; comma=,; done; echo ']'; } >"$path.part" && mv "$path.part" "$path" || exit 1
}

keep_batch() { # records...
  local i
  number=$((number + 1))
  write_batch "$(printf '%s-%06d' "$(now_ms)" $number)" "$@"
  waiting
  for ((i = 0; i < ${#files[@]} - spool_max; i++)); do
    say "dropped ${files[i]}: more than $spool_max batches wait"
    rm -f "${files[i]}"
  done
}

split_batch() { # the whole goes last: a kill between costs a repetition and no record
  local path=$1 name records half
  name=$(basename "$path" .json)
  mapfile -t records < <(sed -e '1d;$d' -e 's/^,//' "$path")
  half=$((${#records[@]} / 2))
  write_batch "$name-a" "${records[@]:0:half}"
  write_batch "$name-b" "${records[@]:half}"
  rm -f "$path"
}

put_aside() { # path, why
  mv "$1" "$spool/refused/"
  say "refused ($2), put aside: $spool/refused/$(basename "$1")"
  local old=("$spool"/refused/*.json) i
  for ((i = 0; i < ${#old[@]} - spool_max; i++)); do rm -f "${old[i]}"; done
}

member() { grep -o "\"$1\" *: *\"[^\"]*\"" "$answer" | head -n 1 | sed 's/^[^:]*: *"//; s/"$//'; }
print_rejected() { tr -d '\n' <"$answer" | grep -o '{"index"[^}]*}' | while IFS= read -r line; do say "rejected $line"; done; }

# What Retry-After says, at most five minutes of it, else full jitter below a ceiling that doubles up to a minute. In ms.
pause() {
  local after ceiling
  after=$(tr -d '\r' <"$headers" | awk 'tolower($1) == "retry-after:" { v = $2 } END { print v }')
  if [[ $after =~ ^[0-9]{1,6}$ ]]; then echo $(((10#$after > 300 ? 300 : 10#$after) * 1000)); return; fi
  ceiling=$((500 << (failures > 7 ? 7 : failures))); ((ceiling > 60000)) && ceiling=60000
  echo $((100 + (RANDOM * 32768 + RANDOM) % ceiling))
}

# Sends what waits, oldest first; sets retry_at where the service can't take it now.
drain() {
  local path status code ms records
  waiting
  while ((${#files[@]} > 0)); do
    path=${files[0]}
    : >"$answer"; : >"$headers"
    # The key goes through standard input: in the arguments, every user of this machine could read it.
    status=$(printf 'header = "X-API-Key: %s"\n' "$key" | curl --config - --silent --max-time 30 --output "$answer" --dump-header "$headers" \
      --write-out '%{http_code}' --header 'Content-Type: application/json' --header 'Expect:' --header "X-Tft-Source: $source_name" --data-binary "@$path" "$url") || status=000
    code="$status $(member code)"
    case $status in
      200) print_rejected; rm -f "$path"; failures=0 ;;
      400 | 413)
        records=$(($(wc -l <"$path") - 2)); failures=0
        if [[ $status == 413 ]] && ((records > 1)); then split_batch "$path"; else print_rejected; put_aside "$path" "$code"; fi ;;
      000 | 408 | 429 | 5*)
        ms=$(pause); failures=$((failures + 1)); retry_at=$(($(now_ms) + ms))
        say "$code: again in $ms ms; ${#files[@]} batches wait"
        return ;;
      *)
        say "$code: $(member detail) Check TFT_API_KEY and TFT_URL ($url); ${#files[@]} batches stay in $spool."
        exit 1 ;;
    esac
    waiting
  done
  retry_at=0
}

rest() { # until, in ms
  local ms=$(($1 - $(now_ms)))
  ((ms > 0)) && sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
}

forward_lines() {
  local open=1 pending= line batch until code
  waiting
  while ((open || ${#files[@]} > 0)); do
    batch=(); until=$((EPOCHSECONDS + 1))
    while ((open && ${#batch[@]} < batch_size && ${#files[@]} < spool_max && EPOCHSECONDS <= until)); do
      line=; IFS= read -r -t 1 line; code=$?
      if ((code > 128)); then pending+=$line; break; fi
      line=$pending$line; pending=
      ((code != 0)) && open=0
      [[ $line =~ [^[:space:]] ]] && batch+=("$line")
    done
    ((${#batch[@]} > 0)) && keep_batch "${batch[@]}"
    if (($(now_ms) >= retry_at)); then drain; elif ((!open || ${#files[@]} >= spool_max)); then rest $retry_at; fi
    waiting
  done
}

counters() { # cpu ticks, then bytes in and out over all real interfaces
  awk 'FNR == 1 && FILENAME == "/proc/stat" { printf "%.0f %.0f %.0f %.0f ", $2 + $3, $4 + $7 + $8 + $9, $6, $5 }
    FILENAME == "/proc/net/dev" && FNR > 2 { sub(":", " "); if ($1 != "lo") { i += $2; o += $10 } } END { printf "%.0f %.0f\n", i, o }' /proc/stat /proc/net/dev
}

reading() { # counters before, counters now, ms between
  df -P / | awk -v before="$1" -v now="$2" -v ms="$3" -v host="$host" -v time="$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
    function add(name, v) { if (v >= 0 && (name !~ /_pct$/ || v <= 100)) printf ",\"%s\":%.4f", name, v }
    NR == 2 { disk = 100 * $3 / $2 }
    END {
      while ((getline line < "/proc/meminfo") > 0) { split(line, m, /:? +/); mem[m[1]] = m[2] }
      getline load < "/proc/loadavg"; getline uptime < "/proc/uptime"
      split(before, a, " "); n = split(now, b, " ")
      for (i = 1; i <= 4; i++) total += b[i] - a[i]
      if (total < 1) total = 1
      printf "{\"timestamp\":\"%s\",\"server_name\":\"%s\"", time, host
      add("cpu_user_pct", 100 * (b[1] - a[1]) / total); add("cpu_sys_pct", 100 * (b[2] - a[2]) / total)
      add("cpu_iowait_pct", 100 * (b[3] - a[3]) / total); add("cpu_idle_pct", 100 * (b[4] - a[4]) / total)
      add("mem_used_pct", 100 * (1 - mem["MemAvailable"] / mem["MemTotal"]))
      add("swap_used_pct", mem["SwapTotal"] > 0 ? 100 * (1 - mem["SwapFree"] / mem["SwapTotal"]) : 0)
      add("disk_usage_pct", disk)
      add("net_in_mb_s", (b[5] - a[5]) / ms / 1000); add("net_out_mb_s", (b[6] - a[6]) / ms / 1000)
      split(load, l, " "); split(uptime, u, " ")
      add("load_average", l[1]); add("uptime_days", u[1] / 86400)
      print "}"
    }'
}

forward_machine() { # once
  local before now before_ms ms step next_at
  step=$(awk -v s="$interval" 'BEGIN { printf "%d", s * 1000 }')
  before=$(counters); before_ms=$(now_ms); next_at=$((before_ms + ($1 ? 1000 : step)))
  while true; do
    if ((next_at && (!retry_at || next_at < retry_at))); then rest $next_at; else rest $retry_at; fi
    ms=$(now_ms)
    if ((next_at && ms >= next_at)); then
      now=$(counters)
      keep_batch "$(reading "$before" "$now" $((ms - before_ms)))"
      before=$now before_ms=$ms
      if (($1)); then next_at=0; else next_at=$((next_at + step > ms ? next_at + step : ms)); fi
    fi
    (($(now_ms) >= retry_at)) && drain
    waiting
    ((next_at == 0 && ${#files[@]} == 0)) && return
  done
}

[[ -n $key ]] || { say "TFT_API_KEY is not set."; exit 1; }
mkdir -p "$spool/refused" || exit 1
answer=$(mktemp) headers=$(mktemp)
trap 'rm -f "$answer" "$headers"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
case ${1:-} in
  -) forward_lines ;;
  --once) forward_machine 1 ;;
  *) forward_machine 0 ;;
esac
