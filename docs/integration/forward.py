#!/usr/bin/env python3
"""Forwards metrics to Tft. Python 3.8 or newer, standard library only.

    forward.py            this machine's metrics (Linux), every TFT_INTERVAL seconds
    forward.py --once     one reading, then ends
    forward.py -          records from standard input, one JSON object a line

Settings are environment variables; docs/integration.md lists them.
"""
import http.client
import json
import os
import queue
import random
import shutil
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

URL = os.environ.get("TFT_URL", "http://localhost:8000").rstrip("/") + "/feed"
KEY = os.environ.get("TFT_API_KEY", "")
HOST = socket.gethostname()
SOURCE = os.environ.get("TFT_SOURCE", "forward-" + HOST)
SPOOL = os.environ.get("TFT_SPOOL", "tft-spool")
SPOOL_MAX = int(os.environ.get("TFT_SPOOL_MAX", "1000"))
BATCH = int(os.environ.get("TFT_BATCH", "500"))
INTERVAL = float(os.environ.get("TFT_INTERVAL", "5"))
REFUSED = os.path.join(SPOOL, "refused")


def say(text):
    print(text, file=sys.stderr, flush=True)


class Spool:
    """What is not acknowledged yet: a file for each batch, so that it survives a kill."""

    def __init__(self):
        os.makedirs(REFUSED, exist_ok=True)
        self.number = 0

    def waiting(self, folder=SPOOL):
        return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".json"))

    def keep(self, records):
        self.number += 1
        self.write("%013d-%06d" % (time.time() * 1000, self.number), records)
        for oldest in self.waiting()[:-SPOOL_MAX]:
            say("dropped %s: more than %d batches wait" % (oldest, SPOOL_MAX))
            os.remove(oldest)

    def write(self, name, records):
        path = os.path.join(SPOOL, name + ".json")
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump(records, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(path + ".part", path)

    def split(self, path, records):
        """Names that sort where the whole stood; the whole goes last, so that a kill between costs a repetition and no record."""
        half, name = len(records) // 2, os.path.basename(path)[:-len(".json")]
        self.write(name + "-a", records[:half])
        self.write(name + "-b", records[half:])
        os.remove(path)

    def put_aside(self, path, why):
        aside = os.path.join(REFUSED, os.path.basename(path))
        os.replace(path, aside)
        say("refused (%s), put aside: %s" % (why, aside))
        for oldest in self.waiting(REFUSED)[:-SPOOL_MAX]:
            os.remove(oldest)


def post(body):
    """Status, headers and answer; status 0 where none came."""
    request = urllib.request.Request(URL, body, {"Content-Type": "application/json", "X-API-Key": KEY, "X-Tft-Source": SOURCE})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        try:
            return error.code, error.headers, json.loads(error.read())
        except (ValueError, OSError, http.client.HTTPException):
            return error.code, error.headers, {}
    except (OSError, http.client.HTTPException, ValueError) as error:
        return 0, {}, {"code": str(error)}


def print_rejected(answer):
    for r in answer.get("rejected") or []:
        say("rejected %s: %s: %s" % (r.get("server_name"), r.get("code"), r.get("message")))


def pause(headers, failures):
    """Seconds: what Retry-After says, at most five minutes of it, else full jitter below a ceiling that doubles up to a minute."""
    try:
        return min(max(float(headers.get("Retry-After")), 0), 300)
    except (TypeError, ValueError):
        return random.uniform(0.1, min(60, 0.5 * 2 ** min(failures, 10)))


def drain(spool, failures):
    """Sends what waits, oldest first. Returns seconds until the next try, and failures in a row; (0, 0) when all is acknowledged."""
    while True:
        path = next(iter(spool.waiting()), None)
        if path is None:
            return 0, 0
        with open(path, encoding="utf-8") as file:
            body = file.read()
        status, headers, answer = post(body.encode())
        code = "%s %s" % (status, answer.get("code", ""))
        if status == 200:
            print_rejected(answer)
            os.remove(path)
        elif status == 413 and len(json.loads(body)) > 1:
            spool.split(path, json.loads(body))
        elif status in (400, 413):
            print_rejected(answer)
            spool.put_aside(path, code)
        elif status in (0, 408, 429) or status >= 500:
            seconds = pause(headers, failures)
            say("%s: again in %.1f s; %d batches wait" % (code, seconds, len(spool.waiting())))
            return seconds, failures + 1
        else:
            sys.exit("%s: %s Check TFT_API_KEY and TFT_URL (%s); %d batches stay in %s."
                     % (code, answer.get("detail", ""), URL, len(spool.waiting()), SPOOL))
        failures = 0


def lines_into(lines):
    for line in sys.stdin:
        if line.strip():
            try:
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise ValueError("not an object")
                lines.put(record)
            except ValueError as error:
                say("not a record (%s): %s" % (error, line.strip()[:80]))
    lines.put(None)


def forward_lines(spool):
    lines, open_, retry_at, failures = queue.Queue(maxsize=BATCH), True, 0, 0
    threading.Thread(target=lines_into, args=(lines,), daemon=True).start()
    while open_ or spool.waiting():
        batch, until = [], time.monotonic() + min(INTERVAL, 1)
        room = len(spool.waiting()) < SPOOL_MAX
        while open_ and room and len(batch) < BATCH and time.monotonic() < until:
            try:
                record = lines.get(timeout=max(until - time.monotonic(), 0.01))
            except queue.Empty:
                break
            if record is None:
                open_ = False
            else:
                batch.append(record)
        if batch:
            spool.keep(batch)
        if time.monotonic() >= retry_at:
            seconds, failures = drain(spool, failures)
            retry_at = time.monotonic() + seconds
        elif not open_ or not room:
            time.sleep(max(0, retry_at - time.monotonic()))


def counters():
    """CPU ticks (user, nice, system, idle, iowait, irq, softirq, steal) and bytes in and out over all real interfaces."""
    with open("/proc/stat") as file:
        cpu = [int(n) for n in file.readline().split()[1:9]]
    with open("/proc/net/dev") as file:
        nets = [line.replace(":", " ").split() for line in file.readlines()[2:]]
    nets = [n for n in nets if n[0] != "lo"]
    return time.monotonic(), cpu, sum(int(n[1]) for n in nets), sum(int(n[9]) for n in nets)


def reading(before, now):
    with open("/proc/meminfo") as file:
        mem = {line.split(":")[0]: int(line.split()[1]) for line in file}
    with open("/proc/uptime") as file:
        uptime = float(file.read().split()[0])
    user, nice, system, idle, iowait, irq, softirq, steal = [100 * (b - a) for a, b in zip(before[1], now[1])]
    total = max(sum(now[1]) - sum(before[1]), 1)
    seconds = max(now[0] - before[0], 0.001)
    disk = shutil.disk_usage("/")
    record = {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "server_name": HOST,
        "cpu_user_pct": (user + nice) / total,
        "cpu_sys_pct": (system + irq + softirq + steal) / total,
        "cpu_iowait_pct": iowait / total,
        "cpu_idle_pct": idle / total,
        "mem_used_pct": 100 * (1 - mem["MemAvailable"] / mem["MemTotal"]),
        "swap_used_pct": 100 * (1 - mem["SwapFree"] / mem["SwapTotal"]) if mem["SwapTotal"] else 0,
        "disk_usage_pct": 100 * disk.used / disk.total,
        "net_in_mb_s": (now[2] - before[2]) / seconds / 1e6,
        "net_out_mb_s": (now[3] - before[3]) / seconds / 1e6,
        "load_average": os.getloadavg()[0],
        "uptime_days": uptime / 86400,
    }
    # Counters of the kernel may step back by a little; what then lies outside its range is left out, not bent.
    return {k: v for k, v in record.items() if isinstance(v, str) or v >= 0 and (not k.endswith("_pct") or v <= 100)}


def forward_machine(spool, once):
    retry_at = failures = 0
    before = counters()
    next_at = time.monotonic() + (1 if once else INTERVAL)
    while True:
        time.sleep(max(0, min(next_at, retry_at or next_at) - time.monotonic()))
        if time.monotonic() >= next_at:
            now = counters()
            spool.keep([reading(before, now)])
            before, next_at = now, float("inf") if once else max(next_at + INTERVAL, time.monotonic())
        if time.monotonic() >= retry_at:
            seconds, failures = drain(spool, failures)
            retry_at = time.monotonic() + seconds if seconds else 0
        if once and next_at == float("inf") and not spool.waiting():
            return


if __name__ == "__main__":
    if not KEY:
        sys.exit("TFT_API_KEY is not set.")
    try:
        if sys.argv[1:] == ["-"]:
            forward_lines(Spool())
        else:
            forward_machine(Spool(), "--once" in sys.argv[1:])
    except KeyboardInterrupt:
        pass
