// How many pages and determinations the portal serves on one core, how fast, and what it grows by.
//
//     cargo build --release && cd bench/web && npm ci && node run.mjs [--seconds 10] [--minutes 12] [MEED]
//
// The program (target/release/meed) serves a demonstration on core 0; this and what asks it run on core 1. Each address is asked twice: by eight
// connections that ask again as soon as they have their answer (closed), and at half of the rate that gave, whether answers come or not (fixed): what
// waits there counts from when it should have been sent. With --minutes, all addresses in turn are then asked at a fixed rate for that long, and memory is read every five seconds.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import autocannon from "autocannon";

const CONNECTIONS = 8;
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const { values, positionals } = parseArgs({
  options: { seconds: { type: "string", default: "10" }, minutes: { type: "string", default: "0" } },
  allowPositionals: true,
});

execFileSync("taskset", ["-acp", "1", String(process.pid)]);
const { child, url } = await serve(positionals[0] ?? join(root, "target", "release", "meed"));
try {
  const asked = await addresses();
  // What is made once and kept is made before anything is counted.
  for (const one of asked) await ask([one], { amount: 20, connections: 1 });
  console.log("| what | closed: a second | p50 ms | p99 ms | fixed: a second | p50 ms | p99 ms |\n|---|--:|--:|--:|--:|--:|--:|");
  let slowest = Infinity;
  for (const one of asked) {
    const closed = await ask([one], { duration: Number(values.seconds) });
    const rate = Math.max(1, Math.floor(closed.requests.average / 2));
    const fixed = await ask([one], { duration: Number(values.seconds), overallRate: rate });
    slowest = Math.min(slowest, closed.requests.average);
    const told = [closed, fixed].flatMap(({ requests, latency }) => [Math.round(requests.average), latency.p50, latency.p99]);
    console.log(`| ${one.title} | ${told.map((figure) => figure.toLocaleString("en")).join(" | ")} |`);
  }
  if (Number(values.minutes) > 0) await grow(asked, slowest);
} finally {
  child.kill();
}

async function serve(program) {
  const child = spawn("taskset", ["-c", "0", program, "serve", "--demo", "--listen", "127.0.0.1:0"], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "exit").then(([code]) => { throw new Error(`meed serve ended with ${code}`); });
  ended.catch(() => {});
  let said = "";
  const ready = new Promise((resolve) => child.stderr.on("data", (data) => {
    const found = (said += data).match(/http:\/\/[0-9.:]+/);
    if (found) resolve(found[0]);
  }));
  return { child, url: await Promise.race([ready, ended]) };
}

/// What is asked, by whom.
async function addresses() {
  const facts = await readFile(join(root, "examples", "little-giant.json"), "utf8");
  const [officer, agent] = [await cookieOf("wang"), await cookieOf(await firstAgent())];
  const page = (title, path, cookie) => ({ title: `${title} (\`${path}\`)`, method: "GET", path, headers: cookie ? { cookie } : {} });
  return [
    page("front page", "/"),
    page("catalogue", "/policies"),
    page("register of titles", "/titles"),
    page("statistics", "/figures"),
    page("what an enterprise may get", "/my", agent),
    page("an officer's cases", "/office/cases", officer),
    page("a case with all that can be done", await firstCase(officer), officer),
    { title: "**a determination** (`/api/v1/determinations`)", method: "POST", path: "/api/v1/determinations",
      headers: { "content-type": "application/json" }, body: `{"on":"2024-03-01","facts":${facts}}` },
  ];
}

async function cookieOf(person) {
  const page = await fetch(`${url}/sign-in`);
  const csrf = (await page.text()).match(/name="csrf" value="([0-9a-f]+)"/)[1];
  const signed = await fetch(`${url}/sign-in/as`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: page.headers.get("set-cookie").split(";")[0], "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ csrf, person, next: "/" }),
  });
  if (signed.status !== 303) throw new Error(`${person} is not signed in: ${signed.status}`);
  return signed.headers.get("set-cookie").split(";")[0];
}

/// Who speaks for the first of the demonstration's enterprises.
async function firstAgent() {
  const page = await (await fetch(`${url}/sign-in`)).text();
  return page.match(/value="(agent-subject-[^"]+)"/)[1];
}

async function firstCase(cookie) {
  const page = await (await fetch(`${url}/office/cases`, { headers: { cookie } })).text();
  return page.match(/href="(\/office\/cases\/[^"?]+)"/)[1];
}

/// Asks, and stops where an answer is not what was asked for.
async function ask(requests, options) {
  const result = await autocannon({ url, connections: CONNECTIONS, requests, ...options });
  const wrong = result.non2xx + result.errors + result.timeouts;
  if (wrong > 0) throw new Error(`${requests.map((one) => one.path)}: ${wrong} answers are wrong or missing`);
  return result;
}

/// Memory over time, under all that is asked, at half the pace at which each waits for the slowest.
async function grow(asked, slowest) {
  const seen = [];
  const begun = Date.now();
  const reading = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8");
    seen.push([(Date.now() - begun) / 3_600_000, Number(status.match(/VmRSS:\s+(\d+)/)[1]) / 1024]);
  }, 5_000);
  const result = await ask(asked, { duration: Number(values.minutes) * 60, overallRate: Math.max(1, Math.floor(slowest / 2)) });
  clearInterval(reading);
  // What is kept on purpose has been filled by the end of the first quarter.
  const later = seen.slice(Math.floor(seen.length / 4));
  const mean = (index) => later.reduce((sum, row) => sum + row[index], 0) / later.length;
  const [hours, mib] = [mean(0), mean(1)];
  const slope = later.reduce((sum, [h, m]) => sum + (h - hours) * (m - mib), 0) / later.reduce((sum, [h]) => sum + (h - hours) ** 2, 0);
  console.log(`\n${values.minutes} minutes, ${result.requests.total.toLocaleString("en")} answers: ${seen[0][1].toFixed(0)} MiB at first, `
    + `${seen.at(-1)[1].toFixed(0)} MiB at last, ${slope.toFixed(1)} MiB an hour in the last three quarters`);
}
