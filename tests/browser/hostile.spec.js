// Articles that try to harm whoever looks at them.
import { expect, test } from "./server.js";

test("no page runs what an article brings along", async ({ page, hostile }) => {
  test.setTimeout(180_000);
  page.on("dialog", () => expect("a dialog").toBe("none"));
  await page.goto(`${hostile}/search?q=outlet:outlet`);
  const statement = await page.locator(".hits blockquote a").first().getAttribute("href");
  const article = await page.locator(".hits .origin a").first().getAttribute("href");
  for (const path of ["/", "/search?q=outlet:outlet", statement, article, "/events", "/sources", "/review", "/person?name=eve+evil"]) {
    await page.goto(hostile + path);
    expect(await page.evaluate(() => window.harmed), path).toBeUndefined();
    expect(await page.locator("img, iframe, object, embed").count(), path).toBe(0);
    expect(await page.locator("a[href^='javascript:']").count(), path).toBe(0);
  }
  await page.goto(hostile + article);
  await expect(page.locator("[data-article]")).toContainText("<script>window.harmed = 1</script>");
  // What turns the direction of text does so in its own element only.
  const after = await page.locator(".control").first().evaluate((element) => getComputedStyle(element).unicodeBidi);
  expect(after).toBe("isolate");
});

test("an article of two megabytes and 5,000 statements can be read", async ({ page, hostile }) => {
  test.setTimeout(180_000);
  await page.goto(`${hostile}/search?q=outlet:large`);
  await page.locator(".hits .origin a").first().click();
  await expect(page.locator("a.ref").last()).toBeAttached();
  await expect.poll(() => page.locator("a.ref").count(), { timeout: 20_000 }).toBeGreaterThan(4500);
  await page.waitForLoadState("load");
  await page.keyboard.press("j");
  await expect(page.locator(".said.now")).toBeFocused();
});
