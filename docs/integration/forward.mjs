#!/usr/bin/env node
// Forwards metrics to Tft. Node 20 or newer, no packages.
//
//   forward.mjs            this machine's metrics, every TFT_INTERVAL seconds
//   forward.mjs --once     one reading, then ends
//   forward.mjs -          records from standard input, one JSON object a line
//
// Settings are environment variables; docs/integration.md lists them.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const env = process.env;
const url = (env.TFT_URL ?? 'http://localhost:8000').replace(/\/$/, '') + '/feed';
const key = env.TFT_API_KEY ?? '';
const source = env.TFT_SOURCE ?? `forward-${os.hostname()}`;
const spool = env.TFT_SPOOL ?? 'tft-spool';
const refused = path.join(spool, 'refused');
const spoolMax = Number(env.TFT_SPOOL_MAX ?? 1000);
const batchSize = Number(env.TFT_BATCH ?? 500);
const interval = Number(env.TFT_INTERVAL ?? 5) * 1000;

const say = text => console.error(text);
const waiting = (folder = spool) => fs.readdirSync(folder).filter(name => name.endsWith('.json')).sort().map(name => path.join(folder, name));

let number = 0;
let failures = 0;
let retryAt = 0;

// What is not acknowledged yet: a file for each batch, so that it survives a kill.
function write(name, records) {
  const file = path.join(spool, `${name}.json`);
  fs.writeFileSync(`${file}.part`, JSON.stringify(records), { flush: true });
  fs.renameSync(`${file}.part`, file);
}

function keep(records) {
  write(`${Date.now()}-${String(++number).padStart(6, '0')}`, records);
  for (const oldest of waiting().slice(0, -spoolMax)) {
    say(`dropped ${oldest}: more than ${spoolMax} batches wait`);
    fs.rmSync(oldest);
  }
}

// The whole goes last: a kill between costs a repetition and no record.
function split(file, records) {
  const half = records.length >> 1;
  const name = path.basename(file, '.json');
  write(`${name}-a`, records.slice(0, half));
  write(`${name}-b`, records.slice(half));
  fs.rmSync(file);
}

function putAside(file, why) {
  const aside = path.join(refused, path.basename(file));
  fs.renameSync(file, aside);
  say(`refused (${why}), put aside: ${aside}`);
  waiting(refused).slice(0, -spoolMax).forEach(oldest => fs.rmSync(oldest));
}

async function post(body) {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': key, 'X-Tft-Source': source },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    let json = {};
    try {
      json = JSON.parse(text);
    } catch {
      // A proxy's page: the status says enough.
    }
    return { status: answer.status, retryAfter: answer.headers.get('Retry-After'), json };
  } catch (error) {
    return { status: 0, retryAfter: null, json: { code: error.cause?.code ?? error.message } };
  }
}

// Milliseconds: what Retry-After says, at most five minutes of it, else full jitter below a ceiling that doubles up to a minute.
function pause(retryAfter) {
  if (/^\d+$/.test(retryAfter ?? '')) return Math.min(Number(retryAfter), 300) * 1000;
  return 100 + Math.random() * Math.min(60_000, 500 * 2 ** Math.min(failures, 10));
}

const printRejected = json => (json.rejected ?? []).forEach(r => say(`rejected ${r.server_name}: ${r.code}: ${r.message}`));

// Sends what waits, oldest first; sets retryAt where the service can't take it now.
async function drain() {
  for (let file; (file = waiting()[0]) !== undefined;) {
    const body = fs.readFileSync(file, 'utf8');
    const { status, retryAfter, json } = await post(body);
    const code = `${status} ${json.code ?? ''}`;
    if (status === 200) {
      printRejected(json);
      fs.rmSync(file);
    } else if (status === 413 && JSON.parse(body).length > 1) {
      split(file, JSON.parse(body));
    } else if (status === 400 || status === 413) {
      printRejected(json);
      putAside(file, code);
    } else if ([0, 408, 429].includes(status) || status >= 500) {
      const ms = pause(retryAfter);
      failures++;
      retryAt = Date.now() + ms;
      say(`${code}: again in ${(ms / 1000).toFixed(1)} s; ${waiting().length} batches wait`);
      return;
    } else {
      say(`${code}: ${json.detail ?? ''} Check TFT_API_KEY and TFT_URL (${url}); ${waiting().length} batches stay in ${spool}.`);
      process.exit(1);
    }
    failures = 0;
  }
  retryAt = 0;
}

async function forwardLines() {
  const lines = readline.createInterface({ input: process.stdin });
  let batch = [];
  let open = true;
  lines.on('line', line => {
    if (line.trim() === '') return;
    try {
      batch.push(JSON.parse(line));
    } catch (error) {
      say(`not JSON (${error.message}): ${line.slice(0, 80)}`);
    }
    if (batch.length >= batchSize) flush();
  });
  lines.on('close', () => { open = false; });
  const flush = () => {
    if (batch.length > 0) keep(batch);
    batch = [];
    // Back-pressure: a pipe can wait, so nothing of it is dropped.
    if (waiting().length >= spoolMax - 1) lines.pause();
  };
  while (open || batch.length > 0 || waiting().length > 0) {
    await sleep(open ? Math.min(interval, 200) : Math.max(0, retryAt - Date.now()));
    flush();
    if (Date.now() >= retryAt) await drain();
    if (open && waiting().length < spoolMax - 1) lines.resume();
  }
}

function cpuTimes() {
  const sum = { user: 0, sys: 0, idle: 0 };
  for (const { times } of os.cpus()) {
    sum.user += times.user + times.nice;
    sum.sys += times.sys + times.irq;
    sum.idle += times.idle;
  }
  return sum;
}

function reading(before, now) {
  const total = Math.max(1, now.user + now.sys + now.idle - before.user - before.sys - before.idle);
  const disk = fs.statfsSync(os.platform() === 'win32' ? 'C:\\' : '/');
  const record = {
    timestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    server_name: os.hostname(),
    cpu_user_pct: 100 * (now.user - before.user) / total,
    cpu_sys_pct: 100 * (now.sys - before.sys) / total,
    cpu_idle_pct: 100 * (now.idle - before.idle) / total,
    mem_used_pct: 100 * (1 - os.freemem() / os.totalmem()),
    disk_usage_pct: 100 * (disk.blocks - disk.bfree) / disk.blocks,
    // Windows has no load average: left out, which is not 0.
    load_average: os.platform() === 'win32' ? undefined : os.loadavg()[0],
    uptime_days: os.uptime() / 86400,
  };
  // What lies outside its range, because counters stepped back, is left out, not bent.
  return Object.fromEntries(Object.entries(record).filter(([name, v]) => typeof v === 'string' || (v >= 0 && (!name.endsWith('_pct') || v <= 100))));
}

async function forwardMachine(once) {
  let before = cpuTimes();
  let nextAt = Date.now() + (once ? 1000 : interval);
  do {
    await sleep(Math.max(0, Math.min(nextAt, retryAt || nextAt) - Date.now()));
    if (Date.now() >= nextAt) {
      const now = cpuTimes();
      keep([reading(before, now)]);
      before = now;
      nextAt = once ? Infinity : Math.max(nextAt + interval, Date.now());
    }
    if (Date.now() >= retryAt) await drain();
  } while (nextAt < Infinity || waiting().length > 0);
}

if (key === '') {
  say('TFT_API_KEY is not set.');
  process.exit(1);
}
fs.mkdirSync(refused, { recursive: true });
await (process.argv[2] === '-' ? forwardLines() : forwardMachine(process.argv[2] === '--once'));
