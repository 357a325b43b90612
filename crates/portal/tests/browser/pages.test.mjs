// Every page of the navigation, for everybody who sees it, and one of each kind that they lead to: it answers, says nothing in the wrong language, and puts
// no barrier up.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { barriers, start, visitor } from "./support.mjs";

/// Sample people who between them see every page.
const PEOPLE = [undefined, "wang", "cao", "yu", "bai", "fu", "shi", "guan", "guo", "fang"];

/// What links have in common that lead to pages of one kind: everything but ids, numbers and what is asked.
const kind = (link) => link.replace(/[?#].*$/, "").replace(/[^/]*\d[^/]*/g, "…").replace(/^\/policies\/.+/, "/policies/…");
/// Those that lead to files, and those that do something or leave.
const NO_PAGE = /^(?!\/)|^\/api\/|^\/data\/|\.(zip|csv|json)$|\/pdf$|\/files\/|\/file$|\/report$|^\/do\/|^\/demo|^\/step-up/;

let town;
before(async () => { town = await start(); });
after(() => town.stop());

for (const lang of ["zh", "en"]) {
  const met = new Set();
  for (const person of PEOPLE) {
    test(`${person ?? "a visitor"} sees pages without barriers (${lang})`, async () => {
      const { page, context, wrong } = await visitor(town, { lang, person });
      await page.goto("/");
      const links = await page.locator("nav.side a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
      assert.ok(links.length > 3);
      const open = ["/", "/sign-in", ...links];
      for (const link of open) met.add(kind(link));
      for (const link of open) {
        const response = await page.goto(link);
        assert.ok(response.ok(), `${link}: ${response.status()}`);
        assert.deepEqual(await barriers(page), [], link);
        assert.equal(await page.locator("html").getAttribute("lang"), lang === "zh" ? "zh-CN" : "en");
        const title = await page.locator("h1").innerText();
        assert.ok(title.trim().length > 0, `${link} has a title`);
        if (lang === "zh" && links.includes(link)) assert.match(title, /[\u4e00-\u9fff]/, `${link} in Chinese`);
        for (const next of await page.locator("main a[href]").evaluateAll((all) => all.map((one) => one.getAttribute("href")))) {
          if (NO_PAGE.test(next) || met.has(kind(next))) continue;
          met.add(kind(next));
          open.push(next);
        }
      }
      assert.deepEqual(wrong, [], "errors in the console");
      await context.close();
    });
  }
}
