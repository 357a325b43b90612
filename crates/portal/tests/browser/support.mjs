// A demonstration behind its web, and browsers that come to it.
//
// MEED names the program (target/debug/meed), CHROMIUM the browser. The demonstration is made once for all tests; where MEED_URL names one
// that runs already, that is used.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "..");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/// Starts the demonstration and a browser; `stop` ends both.
export async function start() {
  const office = process.env.MEED_URL ? { url: process.env.MEED_URL, stop() {} } : await serve();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  return {
    url: office.url,
    browser,
    async stop() {
      await browser.close();
      office.stop();
    },
  };
}

/// The program that is tested.
export const program = process.env.MEED ?? join(root, "target", "debug", "meed");

async function serve() {
  const child = spawn(program, ["serve", "--demo", "--listen", "127.0.0.1:0"], { cwd: root, stdio: ["ignore", "inherit", "pipe"] });
  let said = "";
  const ended = once(child, "exit").then(([code]) => { throw new Error(`meed serve ended with ${code}: ${said}`); });
  const ready = new Promise((resolve) => {
    child.stderr.on("data", (data) => {
      said += data;
      const found = said.match(/http:\/\/[0-9.:]+\//);
      if (found) resolve(found[0].slice(0, -1));
    });
  });
  const url = await Promise.race([ready, ended]);
  ended.catch(() => {});
  return { url, stop: () => child.kill() };
}

/// Somebody at a browser of their own: `lang` is `zh` or `en`, `scripts` whether scripts run, `person` a sample person who signs in.
export async function visitor(town, { lang = "zh", scripts = true, person, dark = false, phone = false } = {}) {
  const context = await town.browser.newContext({
    locale: lang === "zh" ? "zh-CN" : "en-GB",
    javaScriptEnabled: scripts,
    colorScheme: dark ? "dark" : "light",
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    baseURL: town.url,
  });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  if (person) await signIn(page, person);
  return { page, context, wrong };
}

/// Signs in as a sample person of the demonstration; `here`, where the page is open already.
export async function signIn(page, person, here = false) {
  if (!here) await page.goto("/sign-in");
  const button = page.locator(`button[name=person][value="${person}"]`);
  if (!await button.isVisible()) await page.locator("main details:has(button[name=person]) summary").click();
  await button.click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/// What axe finds on the page: WCAG 2.2 AA and best practices.
export async function barriers(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return result.violations.map((one) => `${one.id}: ${one.help} (${one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")})`);
}
