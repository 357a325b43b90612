// What people do with pages: come as somebody, press a button wherever it is, let days pass.

import { visitor } from "./support.mjs";

/// Somebody at a browser of their own does something, and leaves.
export async function as(town, person, work, how = {}) {
  const { page, context, wrong } = await visitor(town, { lang: "zh", person, ...how });
  try {
    return await work(page, wrong);
  } finally {
    await context.close();
  }
}

/// Presses the button of an act: unfolds its form, shows a second factor where one is asked for, fills in its fields, and waits until it is done.
export async function press(page, name, fields = {}) {
  const button = page.getByRole("button", { name, exact: true }).first();
  const guarded = page.locator("main a[href^='/step-up']", { hasText: name });
  if (await guarded.count()) {
    await guarded.first().click();
    await page.locator("main form button").click();
    await page.waitForURL((url) => !url.pathname.startsWith("/step-up"));
  }
  if (!await button.isVisible()) await page.locator("main summary", { hasText: new RegExp(`^${name}$`) }).first().click();
  const form = page.locator("form").filter({ has: button }).first();
  for (const [field, value] of Object.entries(fields)) {
    const input = form.locator(`[name=${field}]`);
    if (await input.evaluate((one) => one.tagName === "SELECT")) await input.selectOption(value);
    else if (value.buffer) await input.setInputFiles(value);
    else await input.fill(value);
  }
  const before = page.url();
  await button.click();
  await page.waitForURL((url) => url.searchParams.has("done") && String(url) !== before);
}

/// Lets days pass on the demonstration's clock.
export async function pass(town, days) {
  await as(town, undefined, async (page) => {
    await page.goto("/demo");
    await page.locator("#days").fill(String(days));
    await page.locator("main form button").click();
    await page.waitForLoadState();
  });
}

/// What a link or button gives to be kept: its name and bytes.
export async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const parts = [];
  for await (const part of await file.createReadStream()) parts.push(part);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(parts) };
}
