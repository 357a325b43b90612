// Every page of the navigation, for everybody who sees it: it answers, says nothing in the wrong language, and puts no barrier up.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { barriers, start, visitor } from "./support.mjs";

/// Sample people who between them see every page.
const PEOPLE = [undefined, "wang", "cao", "yu", "bai", "fu", "shi", "guan"];

let town;
before(async () => { town = await start(); });
after(() => town.stop());

for (const lang of ["zh", "en"]) {
  for (const person of PEOPLE) {
    test(`${person ?? "a visitor"} sees pages without barriers (${lang})`, async () => {
      const { page, context, wrong } = await visitor(town, { lang, person });
      await page.goto("/");
      const links = await page.locator("nav.side a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
      assert.ok(links.length > 3);
      for (const link of ["/", "/sign-in", ...links]) {
        const response = await page.goto(link);
        assert.ok(response.ok(), `${link}: ${response.status()}`);
        assert.deepEqual(await barriers(page), [], link);
        assert.equal(await page.locator("html").getAttribute("lang"), lang === "zh" ? "zh-CN" : "en");
        const title = await page.locator("h1").innerText();
        assert.ok(title.trim().length > 0, `${link} has a title`);
        if (lang === "zh") assert.match(title, /[\u4e00-\u9fff]/, `${link} in Chinese`);
      }
      assert.deepEqual(wrong, [], "errors in the console");
      await context.close();
    });
  }
}
