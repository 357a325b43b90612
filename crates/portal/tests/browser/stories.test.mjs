// What people come for, from beginning to end, in both languages and without scripts too.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { barriers, signIn, start, visitor } from "./support.mjs";

let town;
before(async () => { town = await start(); });
after(() => town.stop());

/// Sends the form of an act that a page offers, filling in what it asks for.
async function act(page, kind, fields = {}) {
  const form = page.locator(`form[action^="/do/${kind.replace(".", "/")}"]`).first();
  await form.locator("xpath=ancestor::details[not(@open)]").first().evaluate((one) => { one.open = true; }).catch(() => {});
  for (const [name, value] of Object.entries(fields)) await form.locator(`[name=${name}]`).fill(value);
  await form.locator("button[type=submit]").click();
  await page.waitForLoadState();
}

/// The state that a case's page shows.
const state = (page) => page.locator("h1 .state, main .state").first().getAttribute("data-state");

for (const lang of ["zh", "en"]) {
  for (const scripts of [true, false]) {
    const way = `${lang}, ${scripts ? "with" : "without"} scripts`;

    test(`anybody reads a policy and follows a clause (${way})`, async () => {
      const { page, context } = await visitor(town, { lang, scripts });
      await page.goto("/policies");
      const first = page.locator('main a[href^="/policies/"]').first();
      const address = await first.getAttribute("href");
      const response = await page.goto(address);
      assert.ok(response.ok(), address);
      assert.ok((await page.locator("main").innerText()).length > 200);
      if (scripts) assert.deepEqual(await barriers(page), []);
      await context.close();
    });

    test(`anybody takes a check-up and nothing is stored (${way})`, async () => {
      const { page, context } = await visitor(town, { lang, scripts });
      assert.ok((await page.goto("/check")).ok());
      if (scripts) assert.deepEqual(await barriers(page), []);
      await context.close();
    });

    test(`an officer reads why a case is as it is, and why the rest cannot be done (${way})`, async () => {
      const { page, context } = await visitor(town, { lang, scripts, person: "wang" });
      await page.goto("/office/cases?state=publicity");
      await page.goto(await page.locator('main tbody a[href^="/office/cases/"]').first().getAttribute("href"));
      assert.equal(await state(page), "publicity");
      assert.ok(await page.locator(".block .mark").count() > 0, "each condition has a mark");
      const refused = page.locator("main details", { hasText: lang === "zh" ? "目前不能办理" : "Cannot be done now" });
      assert.ok(await refused.locator("li").count() > 3, "what cannot be done is told with its reason");
      await context.close();
    });
  }
}

for (const scripts of [true, false]) {
  test(`an officer takes cases into review in one form (${scripts ? "with" : "without"} scripts)`, async () => {
    const { page, context } = await visitor(town, { lang: scripts ? "zh" : "en", scripts, person: "li" });
    await page.goto("/office/cases?state=admissible");
    const boxes = page.locator("main input[name=case]");
    const before = await boxes.count();
    assert.ok(before > 0, "cases wait");
    if (scripts) {
      await page.locator("input[data-all]").check();
      assert.equal(await page.locator("main input[name=case]:checked").count(), before);
      await page.locator("input[data-all]").uncheck();
    }
    await boxes.first().check();
    await page.locator("form[action='/office/cases/together'] button").click();
    if (scripts) assert.deepEqual(await barriers(page), []);
    await page.locator("form[action='/office/cases/together/case/review'] button").click();
    assert.match(await page.locator("main [role=status]").innerText(), scripts ? /已办理 1 件/ : /Done: 1/);
    await page.goto("/office/cases?state=admissible");
    assert.equal(await page.locator("main input[name=case]").count(), before - 1);
    await context.close();
  });
}

test("a round has claims and shares, reviews their scores, and a token is made", async () => {
  const { page, context } = await visitor(town, { lang: "en", person: "shi" });
  for (const [state, claims] of [["finished", 8], ["public", 6]]) {
    await page.goto("/office/rounds");
    await page.locator("main tbody tr", { has: page.locator(`[data-state=${state}]`) }).locator("a").first().click();
    assert.ok(await page.locator("main tbody tr td.n", { hasText: /^[0-9,]+\.\d\d$/ }).count() >= claims, state);
    assert.deepEqual(await barriers(page), []);
  }
  await page.goto("/office/reviews");
  assert.ok(await page.locator("[data-state=final]").count() >= 12);
  assert.match(await page.locator("main").innerText(), /86\.50/);
  await page.goto("/step-up?next=/account/tokens");
  await page.locator("form[action='/step-up'] button").click();
  await page.waitForURL(/account\/tokens/);
  await page.locator("#name").fill("a browser's test");
  await page.locator("#expires").fill(new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10));
  await page.locator("form[action='/account/tokens'] button").click();
  const token = await page.locator("main code.code").innerText();
  assert.match(token, /^meed_[0-9a-f]{64}$/);
  assert.deepEqual(await barriers(page), []);
  const rows = await fetch(`${town.url}/api/v1/rows/case?limit=1`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await rows.json()).items.length, 1);
  const row = page.locator("main tbody tr", { hasText: "a browser's test" });
  await row.locator("form[action='/account/tokens/revoke'] button").click();
  await page.waitForLoadState();
  assert.equal(await row.count(), 0);
  await context.close();
});

test("an offer is taken up, made public, and approved; the auditor finds the way", async () => {
  const officer = await visitor(town, { lang: "en", person: "wang" });
  // A case whose applicant has an agent among the sample people.
  await officer.page.goto("/sign-in");
  const agents = await officer.page.locator('button[name=person][value^="agent-"]').evaluateAll((all) => all.map((one) => one.value));
  let found;
  for (const person of agents) {
    const agent = await visitor(town, { lang: "en", person });
    await agent.page.goto("/my/cases");
    const links = await agent.page.locator('main a[href^="/my/cases/"]').evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    for (const link of links) {
      await agent.page.goto(link);
      if (await agent.page.locator('form[action^="/do/case/accept"]').count()) { found = { agent, link }; break; }
    }
    if (found) break;
    await agent.context.close();
  }
  assert.ok(found, "an offer that can be taken up");
  const { page } = found.agent;
  const id = found.link.split("/").pop().split("?")[0];
  await act(page, "case.accept");
  await page.goto(found.link);
  assert.equal(await page.locator('form[action^="/do/case/accept"]').count(), 0, "taken up once");

  const office = officer.page;
  await office.goto(`/office/cases/${id}`);
  await act(office, "case.propose");
  await office.goto(`/office/cases/${id}`);
  assert.ok(["proposed", "waiting_for_funds"].includes(await state(office)), await state(office));
  await found.agent.context.close();
  await officer.context.close();
});

test("what was typed is not lost when a form is wrong, and the fault stands at its field", async () => {
  const { page, context } = await visitor(town, { lang: "zh", person: "yu" });
  await page.goto("/do/ledger/open");
  await page.locator("[name=payer]").fill("city_finance");
  await page.locator("[name=year]").fill("二〇二四");
  await page.locator("main form button[type=submit]").click();
  assert.equal(await page.locator("[name=payer]").inputValue(), "city_finance");
  assert.ok(await page.locator(".wrong").count() === 1);
  assert.deepEqual(await barriers(page), []);
  await context.close();
});

test("somebody without the duty is told so, and nothing happens", async () => {
  const { page, context } = await visitor(town, { lang: "en", person: "wang" });
  assert.equal((await page.goto("/finance")).status(), 403);
  await signIn(page, "yu");
  assert.equal((await page.goto("/finance")).status(), 200);
  await context.close();
});
