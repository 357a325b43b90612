// One round from a policy's draft to the evidence of what was paid, through pages alone. It runs last: it lets weeks pass.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { statement } from "./bank.mjs";
import { as, download, pass, press } from "./hands.mjs";
import { barriers, program, signIn, start } from "./support.mjs";

const run = promisify(execFile);
const MEASURE = "全职引进海外人才资助";

let town;
/// What later steps know of earlier ones: who applies, what they are called, their cases.
const known = {};
before(async () => { town = await start(); });
after(() => town.stop());

/// A step of the round: without the one before it there is nothing to do.
let whole = true;
function step(name, work) {
  test(name, async () => {
    assert.ok(whole, "a step before this one failed");
    whole = false;
    await work();
    whole = true;
  });
}

const text = (page, what = "main") => page.locator(what).first().innerText();
const state = (page) => page.locator("h1 .state").innerText();
const part = (page, title) => page.locator("main section").filter({ has: page.locator("h2", { hasText: title }) }).last();
const idOf = (page) => new URL(page.url()).pathname.split("/").pop();
const row = (number) => `p${number}\t是\t是`;
const people = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => row(first + index));

/// Sample people who speak for an applicant.
async function agents() {
  return as(town, undefined, async (page) => {
    await page.goto("/sign-in");
    return page.locator("button[name=person][value^=agent-]").evaluateAll((all) => all.map((one) => one.value));
  });
}

/// The first agent whose entitlements have something in them.
async function agentWith(what, others) {
  for (const person of await agents()) {
    if (others.includes(person)) continue;
    const found = await as(town, person, async (page) => {
      await page.goto("/my");
      return await what(page).count() > 0;
    });
    if (found) return person;
  }
  throw new Error("nobody");
}

/// Enters where money may go; what the applicant is called.
async function account(page, number) {
  await page.goto("/my/account");
  const name = (await text(page)).split("\n").find((line) => line.startsWith("合成"));
  await press(page, "登记收款账户", { name, number, bank: "102261000018" });
  assert.match(await text(page), /已登记/);
  return name;
}

step("a version is drafted, checked, simulated, reviewed, approved and published", async () => {
  await as(town, "cao", async (page) => {
    await page.goto("/workbench");
    await page.locator("main tbody a").first().click();
    await page.getByRole("link", { name: "人才新政30条", exact: true }).click();
    const words = await page.locator("#text").inputValue();
    await page.locator("#text").fill(words.replace("未见封顶。", "未见封顶，年薪以税前计。"));
    await page.locator("#confirmed").check();
    await page.locator("button[value=save]").click();
    await page.waitForURL(/done=policy.draft/);
    assert.match(await text(page), /错误 0 项，警告 0 项/);
    assert.match(await text(page), /0 个未通过/);
    await press(page, "检查草稿");
    assert.equal(await state(page), "已检查");
    known.version = page.url().split("?")[0];
    await page.getByRole("link", { name: "测算这个版本" }).click();
    await page.locator("[name=against]").selectOption({ label: "同名的现行版本" });
    await page.locator("[name=on]").fill("2023-03-13");
    await page.getByRole("button", { name: "开始测算" }).click();
    await page.getByRole("button", { name: "附上测算报告" }).waitFor({ timeout: 120_000 });
    assert.match(await text(page), /得失/);
    assert.deepEqual(await barriers(page), []);
    await press(page, "附上测算报告");
    assert.equal(await state(page), "已测算");
  });
  for (const [person, act, becomes] of [["shen", "复核", "已复核"], ["zheng", "批准政策", "已批准"], ["shen", "公布", "现行"]]) {
    await as(town, person, async (page) => {
      await page.goto(known.version);
      await press(page, act);
      assert.equal(await state(page), becomes);
    });
  }
});

step("an enterprise accepts an offer, and says where its money is to go", async () => {
  known.first = await agentWith((page) => page.getByRole("button", { name: "接受", exact: true }), []);
  await as(town, known.first, async (page) => {
    known.one = await account(page, "6222080000000001");
    await page.goto("/my");
    await press(page, "接受");
    await page.goto("/my/cases");
    await page.locator("main tbody tr", { hasText: "已核定" }).locator("a").first().click();
    known.accepted = idOf(page);
    assert.match(await text(page), /主管部门正在审核，您无需办理/);
  });
  known.second = await agentWith((page) => page.locator("#almost article", { hasText: "引进人才（完整名单）" }), [known.first]);
  await as(town, known.second, async (page) => { known.two = await account(page, "6222080000000002"); });
  for (const name of [known.one, known.two]) {
    await as(town, "deng", async (page) => {
      await page.goto("/office");
      await part(page, "待核验的收款账户").getByRole("link", { name, exact: true }).click();
      await press(page, "预校验账户");
    });
  }
  await pass(town, 18);
  for (const name of [known.one, known.two]) {
    await as(town, "guo", async (page) => {
      await page.goto("/office");
      await part(page, "待核验的收款账户").getByRole("link", { name, exact: true }).click();
      await press(page, "启用账户");
      assert.match(await part(page, "收款账户").innerText(), /启用/);
    });
  }
});

step("another applies with forty people, and the end of the session at row twenty loses nothing", async () => {
  await as(town, known.second, async (page) => {
    await page.goto("/my");
    await page.locator("#almost article", { hasText: MEASURE }).getByRole("button", { name: "补充所缺信息" }).click();
    await page.waitForURL(/\/form$/);
    await page.locator("summary", { hasText: "从电子表格粘贴" }).click();
    await page.locator("textarea[name='paste/hires']").fill(["编号\t全职\t海外人才", ...people(1, 19), "p20\t是\t也许"].join("\n"));
    await page.getByRole("button", { name: "导入", exact: true }).click();
    assert.match(await text(page), /第 2 行/, "the row that is wrong is named, the others are kept");
    assert.match(await text(page, "main caption"), /19/);
    await page.locator("textarea[name='paste/hires']").fill(row(20));
    await page.getByRole("button", { name: "导入", exact: true }).click();
    assert.match(await text(page, "main caption"), /20/);
    assert.deepEqual(await barriers(page), []);

    // Elsewhere all sessions of the same person end.
    await as(town, known.second, async (other) => {
      await other.goto("/account");
      await other.getByRole("button", { name: "退出全部登录" }).click();
      await other.waitForURL((url) => url.pathname !== "/account");
    });
    const cell = page.locator("[name='v/hires/#p20/full_time']");
    await cell.selectOption("no");
    await page.locator("[data-status]", { hasText: "…" }).waitFor();
    await page.getByRole("button", { name: "保存" }).first().click();
    assert.match(await text(page), /请先登录/);
    await page.locator("main a", { hasText: "登录" }).click();
    await signIn(page, known.second, true);
    assert.match(page.url(), /\/form$/, "signing in leads back to the form");
    assert.match(await text(page, "main caption"), /20/);
    assert.equal(await cell.inputValue(), "no", "what was typed after the end is there");
    await page.locator("[data-status]", { hasText: "✓" }).waitFor();
    await cell.selectOption("yes");
    await page.locator("summary", { hasText: "从电子表格粘贴" }).click();
    await page.locator("textarea[name='paste/hires']").fill(people(21, 40).join("\n"));
    await page.getByRole("button", { name: "导入", exact: true }).click();
    assert.match(await text(page, "main caption"), /40/);
    await page.locator("[name='v/hires/#']").selectOption("yes");
    await page.getByRole("button", { name: "确认申报并提交" }).click();
    await page.waitForURL(/done=case.submit/);
    assert.equal(await page.locator("main tbody tr", { hasText: MEASURE }).filter({ hasText: "已提交" }).count(), 40);
  });
});

step("an officer examines, a registrar enters the judgement, both cases are proposed", async () => {
  const open = async (page, where) => {
    await page.goto(`/office/cases?state=${where}&q=${encodeURIComponent(known.two)}`);
    await page.locator("main tbody tr", { hasText: / p1(?!\d)/ }).locator("a").first().click();
  };
  await as(town, "wang", async (page) => {
    await open(page, "submitted");
    known.applied = idOf(page);
    await press(page, "开始形式审查");
    await press(page, "受理");
    assert.match(await part(page, "待判断事项").innerText(), /海外任职经历/);
    const refused = page.locator("main details", { hasText: "目前不能办理" }).first();
    assert.match(await refused.textContent(), /按规则核定/, "what is not settled is not verified, and says why");
  });
  await as(town, "guo", async (page) => {
    await page.goto(`/office/cases/${known.applied}`);
    const form = part(page, "待判断事项").locator("form");
    await form.locator("select").selectOption("\"professor_top_200\"");
    await form.locator("[name=evidence]").fill("任职证明");
    await form.getByRole("button").click();
    await page.waitForURL(/done=register.state/);
    assert.match(await text(page, ".block"), /符合，50万元/);
  });
  await as(town, "wang", async (page) => {
    await page.goto(`/office/cases/${known.applied}`);
    await press(page, "按规则核定");
    for (const id of [known.applied, known.accepted]) {
      await page.goto(`/office/cases/${id}`);
      await press(page, "拟予认定");
      assert.equal(await state(page), "拟认定");
    }
    known.amount = await part(page, "资金").locator("tbody td.n").first().innerText();
    assert.match(known.amount, /^[0-9,]+\.\d\d$/);
  });
});

step("both are public, somebody objects, somebody else rejects it, and they are approved", async () => {
  await as(town, "wang", async (page) => {
    await page.goto("/office/lists");
    for (const id of [known.applied, known.accepted]) await page.locator(`input[name=cases][value="${id}"]`).check();
    await press(page, "冻结公示名单");
    await page.locator("main tr", { hasText: "已冻结" }).locator("a").first().click();
    await press(page, "发布公示");
    assert.equal(await state(page), "公示中");
    known.list = idOf(page);
  });
  const objector = (await agents()).find((one) => ![known.first, known.second].includes(one));
  await as(town, objector, async (page) => {
    await page.goto("/notices");
    await page.locator(`main a[href="/notices/${known.list}"]`).first().click();
    assert.deepEqual(await barriers(page), []);
    await page.getByRole("row", { name: new RegExp(known.one) }).getByRole("link", { name: "提出异议" }).click();
    await press(page, "提出异议", { ground: "投资额与统计入库数不一致" });
  });
  await as(town, "sun", async (page) => {
    await page.goto("/office");
    await part(page, "未办结异议").locator("tr", { hasText: "与统计入库数不一致" }).locator("a[href^='/office/lists/']").click();
    await press(page, "审查异议");
    assert.ok(await page.locator("summary", { hasText: /^异议成立$/ }).count(), "an examiner may uphold it");
    await press(page, "异议不成立", { why: "与统计入库记录核对一致" });
    assert.match(await part(page, "异议").innerText(), /不成立/);
  });
  await as(town, "zheng", async (page) => {
    await page.goto(`/office/cases/${known.accepted}`);
    assert.equal(await page.getByRole("button", { name: "批准", exact: true }).count(), 0, "nothing is approved while it is public");
  });
  await pass(town, 8);
  await as(town, "wang", async (page) => {
    await page.goto(`/office/lists/${known.list}`);
    await press(page, "结束公示");
    assert.equal(await state(page), "已结束");
  });
  await as(town, "zheng", async (page) => {
    for (const id of [known.applied, known.accepted]) {
      await page.goto(`/office/cases/${id}`);
      await press(page, "批准");
      assert.equal(await state(page), "已批准");
    }
  });
});

/// What a line's page shows in an account, in fen.
async function balance(page, name) {
  const cell = page.locator("main tr").filter({ has: page.locator("th, td", { hasText: new RegExp(`^${name}$`) }) }).first();
  return BigInt((await cell.locator("td.n").innerText()).replace(/[^0-9]/g, ""));
}

step("finance pays with two keys, and the bank's book agrees", async () => {
  const paid = BigInt(known.amount.replace(/[^0-9]/g, "")) + 50_000_000n;
  const line = async (page) => {
    await page.goto("/finance");
    await page.locator("main tbody a", { hasText: "2023" }).first().click();
    assert.ok(await page.locator("main [data-mark=holds]").count() > 0, "the accounts add up");
    return [await balance(page, "已承诺"), await balance(page, "在途"), await balance(page, "已付")];
  };
  const before = await as(town, "yu", line);
  assert.equal(before[0], paid);
  await as(town, "deng", async (page) => {
    for (const id of [known.applied, known.accepted]) {
      await page.goto("/office");
      await part(page, "待付款前复核的分期").locator(`a[href="/office/cases/${id}"]`).click();
      await press(page, "付款前复核");
      assert.match(await part(page, "资金").innerText(), /可支付/);
    }
  });
  await as(town, "bai", async (page) => {
    await page.goto("/finance/batches");
    await press(page, "编制付款批次", { execution: "2023-03-21" });
    await page.locator("main tbody tr", { hasText: "编制中" }).locator("a").first().click();
    known.batch = page.url().split("?")[0];
    await press(page, "第一把钥匙：封批");
    assert.equal(await state(page), "已封批");
    assert.equal(await page.getByRole("button", { name: "第二把钥匙：放行" }).count(), 0, "one person turns one key");
  });
  let order;
  await as(town, "fu", async (page) => {
    await page.goto(known.batch);
    order = (await download(page, page.getByRole("link", { name: "下载银行文件" }))).bytes.toString();
    await press(page, "第二把钥匙：放行", { hash: await text(page, "code.code") });
    await press(page, "登记即将发出");
    await press(page, "登记送达", { confirmed: "true" });
    assert.equal(await state(page), "已送达");
  });
  assert.deepEqual(await as(town, "yu", line), [0n, paid, before[2]]);
  await as(town, "deng", async (page) => {
    await page.goto("/finance/batches");
    const buffer = Buffer.from(statement(order, "2023-01-18", "2023-03-21", 9_300_000_000n));
    await press(page, "导入银行对账单", { file: { name: "statement.xml", mimeType: "application/xml", buffer } });
  });
  await as(town, "yu", async (page) => {
    assert.deepEqual(await line(page), [0n, 0n, before[2] + paid]);
    await page.goto("/finance/reconcile");
    assert.match(await text(page, "main .done"), /相符/);
  });
  await as(town, known.first, async (page) => {
    await page.goto(`/my/cases/${known.accepted}`);
    assert.match(await text(page), /已到账/);
  });
});

step("the auditor comes from one yuan to the clause, and the evidence holds without the office", async () => {
  const folder = await mkdtemp(join(tmpdir(), "meed-evidence-"));
  try {
    const zip = await as(town, "shi", async (page) => {
      await page.goto("/audit");
      await page.locator("main input[name=q]").fill(known.amount);
      await page.keyboard.press("Enter");
      await page.locator(`main a[href^="/audit/yuan/${known.accepted}"]`).first().click();
      const way = await text(page);
      for (const step of ["银行记账", "付款指令", "第一把钥匙", "第二把钥匙", "决定与理由", "公示", "条款"]) assert.ok(way.includes(step), step);
      const clause = await page.locator('main a[href^="/policies/"]').first().getAttribute("href");
      const kept = await download(page, page.getByRole("link", { name: /下载证据包/ }));
      assert.ok((await page.goto(clause)).ok(), clause);
      return kept;
    });
    assert.equal(zip.name, `${known.accepted}.zip`);
    await writeFile(join(folder, zip.name), zip.bytes);
    await run("python3", ["-m", "zipfile", "-e", join(folder, zip.name), folder]);
    const pack = join(folder, known.accepted);
    const verified = await run(program, ["verify", pack]);
    assert.match(verified.stdout, /replay/);
    await appendFile(join(pack, "log", "entries.jsonl"), " ");
    await assert.rejects(run(program, ["verify", pack]), "one byte more is found");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("without scripts, in English: forty people over the end of a session", async () => {
  const person = await agentWith((page) => page.locator("#almost article", { hasText: MEASURE }), [known.first, known.second]);
  const how = { lang: "en", scripts: false };
  const measure = "Grant for full-time overseas hires";
  await as(town, person, async (page) => {
    await page.goto("/my");
    await page.locator("#almost article", { hasText: measure }).locator("form[action='/my/apply'] button").click();
    const paste = async (rows) => {
      const details = page.locator("details:has(textarea[name='paste/hires'])");
      if (!await details.evaluate((one) => one.open)) await details.locator("summary").click();
      await page.locator("textarea[name='paste/hires']").fill(rows.join("\n"));
      await page.locator("button[value='paste/hires']").click();
    };
    await paste(["Reference\tFull time\tFrom overseas", ...people(1, 20).map((one) => one.replaceAll("是", "yes"))]);
    assert.match(await text(page, "main caption"), /20/);
    await as(town, person, async (other) => {
      await other.goto("/account");
      await other.locator("main form button").last().click();
    }, how);
    await page.locator("button[value=save]").first().click();
    await page.locator("main a[href^='/sign-in']").click();
    await signIn(page, person, true);
    assert.match(page.url(), /\/form$/);
    assert.match(await text(page, "main caption"), /20/);
    await paste(people(21, 40).map((one) => one.replaceAll("是", "yes")));
    assert.match(await text(page, "main caption"), /40/);
    await page.locator("[name='v/hires/#']").selectOption("yes");
    await page.locator("button[value=send]").click();
    assert.match(page.url(), /done=case.submit/);
    assert.equal(await page.locator("main tbody tr", { hasText: measure }).filter({ hasText: "p" }).count(), 40);
    assert.doesNotMatch(await text(page, "main thead"), /[\u4e00-\u9fff]/);
  }, how);
});

test("without scripts, in English: an officer examines, an auditor keeps the evidence", async () => {
  const how = { lang: "en", scripts: false };
  await as(town, "wang", async (page) => {
    await page.goto("/office/cases?state=submitted");
    await page.locator("main tbody a[href^='/office/cases/']").first().click();
    await page.locator("form[action='/do/case/examine'] button").click();
    assert.equal(await page.locator("h1 .state").getAttribute("data-state"), "formal_check");
    await page.locator("form[action='/do/case/admit'] button").click();
    assert.equal(await page.locator("h1 .state").getAttribute("data-state"), "admissible");
  }, how);
  await as(town, "shi", async (page) => {
    await page.goto(`/audit/yuan/${known.accepted}`);
    assert.match(await text(page), /second key/i);
    const kept = await download(page, page.locator("main a[href^='/audit/evidence/']"));
    assert.equal(kept.name, `${known.accepted}.zip`);
  }, how);
});
