// Paths with the keyboard alone.
import { expect, paths, test } from "./server.js";

test("the first tab leads past the navigation", async ({ page, site }) => {
  await page.goto(`${site}/sources`);
  await page.keyboard.press("Tab");
  await expect(page.locator(".skip")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
});

test("a search and its hits", async ({ page, site }) => {
  await page.goto(`${site}/sources`);
  await page.keyboard.press("/");
  await page.keyboard.type("toll");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search/);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(page.locator(".hits > li").nth(1)).toBeFocused();
  await page.keyboard.press("k");
  await expect(page.locator(".hits > li").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await page.waitForURL(/statement/);
});

test("the statements of an article", async ({ page, site }) => {
  const { article } = await paths(page, site);
  await page.goto(site + article);
  await page.keyboard.press("j");
  await expect(page.locator(".said.now")).toBeFocused();
  const first = await page.locator(".said.now").getAttribute("id");
  await page.keyboard.press("j");
  const second = await page.locator(".said.now").getAttribute("id");
  expect(second).not.toBe(first);
  await page.keyboard.press("Enter");
  await page.waitForURL(/statement/);
});

test("a review, a correction and its undo", async ({ page, site }) => {
  await page.goto(`${site}/review`);
  const content = await page.locator("h2.words").textContent();
  await page.keyboard.press("r");
  await expect(page.getByRole("status")).toContainText("is recorded");
  expect(await page.locator("h2.words").textContent()).not.toBe(content);
  await page.keyboard.press("u");
  await page.waitForURL((url) => !url.search.includes("decided"));
  expect(await page.locator("h2.words").textContent()).toBe(content);
  await page.keyboard.press("n");
  await page.waitForURL(/after=/);
  expect(await page.locator("h2.words").textContent()).not.toBe(content);
});

test("another speaker, with completion, and back", async ({ page, site }) => {
  const { statement } = await paths(page, site);
  await page.goto(site + statement);
  await page.getByLabel("Decided by").fill("Ana Ruiz");
  await page.keyboard.press("Escape");
  await page.keyboard.press("s");
  await expect(page.locator("#value")).toBeFocused();
  await page.keyboard.type("Pia L");
  await expect(page.locator("#people option").first()).toHaveAttribute("value", "Pia Lund");
  await page.locator("#value").fill("Pia Lund");
  await page.getByRole("button", { name: "Set the speaker" }).click();
  await expect(page.locator(".by.large")).toContainText("Pia Lund");
  await expect(page.locator(".decisions")).toContainText("Ana Ruiz set the speaker to Pia Lund");
  await page.locator(".flash button").click();
  await expect(page.locator(".by.large")).toContainText("Ada Brandt");
  await expect(page.getByLabel("Decided by")).toHaveValue("Ana Ruiz");
});

test("a report of an event is corrected, and the correction undone", async ({ page, site }) => {
  const { report } = await paths(page, site);
  await page.goto(site + report);
  const before = await page.locator("h1").textContent();
  await page.getByLabel("Decided by").fill("Ana Ruiz");
  await page.getByLabel("Status").selectOption("denied");
  await page.getByRole("button", { name: "Set the status" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("h1")).toContainText(" denied: ");
  await expect(page.locator("ul.decisions")).toContainText("Ana Ruiz set the status to denied");
  await page.keyboard.press("u");
  await page.waitForURL((url) => !url.search.includes("decided"));
  expect(await page.locator("h1").textContent()).toBe(before);
  await page.keyboard.press("r");
  await expect(page.locator(".problem")).toContainText("this report is wrong");
  await page.keyboard.press("u");
  await expect(page.locator(".problem")).toHaveCount(0);
});
