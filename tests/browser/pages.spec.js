// Every page: accessible, as wide as the window, and without an error.
import AxeBuilder from "@axe-core/playwright";
import { expect, paths, test } from "./server.js";

test("every page is accessible and fits the window", async ({ page, site }) => {
  test.setTimeout(180_000);
  for (const [name, path] of Object.entries(await paths(page, site))) {
    await page.goto(site + path);
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html + " " + n.failureSummary).join("\n")}`);
    expect.soft(found, name).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(wide, `${name} is too wide`).toBeLessThanOrEqual(0);
    expect.soft(await page.locator("h1").count(), name).toBe(1);
  }
});

test("an article with many colours keeps its contrast", async ({ page, hostile }) => {
  await page.goto(`${hostile}/try`);
  const people = ["Ada Brandt", "Bea Lund", "Cem Ozal", "Dan Holm", "Eva Meyer", "Fay Quist", "Gus Harlan", "Hal Dorn", "Ida Falk",
    "Jon Aalto", "Kay Moss", "Lea Sand"];
  const text = people.map((name, n) => `“We have ${n + 2} ships,” ${name} said.`).join("\n\n");
  await page.locator("#text").fill(text);
  await page.getByRole("button", { name: "Read" }).click();
  await expect(page.locator(".text .said").first()).toBeVisible();
  expect(await page.locator(".legend li").count()).toBeGreaterThan(10);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => [v.id, v.nodes.map((n) => n.html)])).toEqual([]);
});

test("an article is verbatim on the page", async ({ page, site }) => {
  await page.goto(`${site}/search?q=speaker:aalto`);
  await page.locator(".hits .origin a").first().click();
  const shown = await page.locator("[data-article]").evaluate((element) => element.textContent);
  expect(shown).toContain("“I have heard this before,” she wrote on her website.");
  expect(shown).not.toMatch(/\d“/);
});

test("pages work without scripts", async ({ browser, site }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(site);
  await page.locator("#q").fill("toll");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.locator(".hits mark").first()).toHaveText("toll");
  const before = await page.locator(".hits > li").count();
  await page.locator(".facets a", { hasText: "Shore Post" }).click();
  expect(await page.locator(".hits > li").count()).toBeLessThan(before);
  await page.locator(".facets a.on").click();
  expect(await page.locator(".hits > li").count()).toBe(before);
  await page.locator("input[name=from]").fill("2016-03-05");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  expect(decodeURIComponent(page.url())).toContain("published:2016-03-05..");
  await page.locator(".hits blockquote a").first().click();
  await expect(page.getByRole("heading", { name: "How the words spread" })).toBeVisible();
  await context.close();
});

test("a range is dragged on the chart", async ({ page, site }) => {
  await page.goto(`${site}/search?q=toll`);
  const box = await page.locator("svg[data-chart]").boundingBox();
  await page.mouse.move(box.x + 3, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 20, { steps: 5 });
  await Promise.all([page.waitForURL(/published/), page.mouse.up()]);
  expect(decodeURIComponent(page.url())).toMatch(/published:2016-03-04\.\.2016-03-0\d/);
});

test("a wrong query is selected where it is wrong", async ({ page, site }) => {
  await page.goto(`${site}/search?q=bridge+speeker:brandt`);
  await expect(page.locator("#q")).toBeFocused();
  expect(await page.locator("#q").evaluate((box) => [box.selectionStart, box.selectionEnd])).toEqual([7, 8]);
  await expect(page.getByRole("alert")).toContainText("At character 8");
});

test("a file can be dropped", async ({ page, site }) => {
  await page.goto(`${site}/try`);
  const data = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["“We open in May,” Ada Brandt said."], "a.txt", { type: "text/plain" }));
    return data;
  });
  await page.locator("form.try").dispatchEvent("drop", { dataTransfer: data });
  await expect(page.locator(".legend")).toContainText("Ada Brandt");
});
