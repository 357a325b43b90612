// Takes the pictures of docs/screens: node screens.mjs FOLDER. They are looked at before they are kept.

import { join } from "node:path";
import { start, visitor } from "./support.mjs";

/// Name, person, language, address, and how it is looked at. An address that begins with `main a` is the first such link of the page before it.
const SCREENS = [
  ["policy", undefined, "zh", ["/policies/city/2023-thirty-measures.md"], {}],
  ["check", undefined, "zh", ["/check"], { phone: true }],
  ["briefing", undefined, "en", ["/briefing"], {}],
  ["figures", undefined, "en", ["/figures"], { dark: true }],
  ["case", "wang", "zh", ["/office/cases?state=publicity", 'main tbody a[href^="/office/cases/"]'], {}],
  ["lines", "yu", "en", ["/finance"], {}],
  ["workbench", "cao", "zh", ["/workbench"], {}],
  ["audit", "shi", "en", ["/audit?q=500000", 'main tr:has([data-state=paid]) a[href^="/audit/yuan/"]'], {}],
  ["round", "wang", "zh", ["/office/rounds", 'main tbody tr:has([data-state=finished]) a'], {}],
  ["reviews", "shi", "en", ["/office/reviews"], {}],
];

const folder = process.argv[2];
const town = await start();
for (const [name, person, lang, way, how] of SCREENS) {
  const { page, context } = await visitor(town, { lang, person, ...how });
  for (const step of way) {
    await page.goto(step.startsWith("main") ? await page.locator(step).first().getAttribute("href") : step);
  }
  await page.screenshot({ path: join(folder, `${name}.png`), clip: { x: 0, y: 0, width: how.phone ? 390 : 1280, height: 900 } });
  await context.close();
}
await town.stop();
