// Servers for the tests: one over the examples, and one over an archive of hostile articles.
import { test as base, expect } from "@playwright/test";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = process.env.ONRECORD;

function start(...options) {
  const child = spawn(binary, ["serve", "--listen", "0", "--allow-corrections", ...options]);
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr.on("data", (data) => (said += data));
    child.on("exit", () => reject(new Error(`the server ended: ${said}`)));
    child.stdout.on("data", (data) => {
      const url = /http:\/\/[\d.]+:\d+/.exec(String(data));
      if (url) resolve({ url: url[0], child });
    });
  });
}

async function stop({ child }) {
  child.removeAllListeners("exit");
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

const script = "<script>window.harmed = 1</script>";
const image = '"><img src=x onerror="window.harmed = 2">\'';

// Every field has a script, text that ends attributes, and characters that turn the direction of text.
function hostile() {
  const evil = `${script}${image}\u202e\u2066`;
  const article = {
    id: `a${evil}`,
    url: "javascript:window.harmed=3//https://evil.example",
    outlet: `Outlet ${evil}`,
    title: `Title ${evil}`,
    published: "2016-03-04",
    text: `“We have ${script} the ship \u202etoday,” Eve Evil said on Friday.\n\nThe minister, Ada Brandt, told ${script}: ${image}.`,
  };
  const sentences = Array.from({ length: 5000 }, (_, n) => `“We saw ship number ${n},” Ada Brandt said.`);
  const filler = "The harbour was quiet and the sea was calm. ".repeat(40_000);
  const large = { id: "large", outlet: "Large", title: "A large article", published: "2016-03-05", text: `${sentences.join("\n\n")}\n\n${filler}` };
  return `${JSON.stringify(article)}\n${JSON.stringify(large)}\n`;
}

export const test = base.extend({
  // The address of a server over the examples. Each test file that changes it undoes its changes.
  site: [
    async ({}, use) => {
      const server = await start("--demo");
      await use(server.url);
      await stop(server);
    },
    { scope: "worker" },
  ],
  hostile: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "onrecord-browser-"));
      const [input, store] = [join(folder, "hostile.jsonl"), join(folder, "hostile.db")];
      writeFileSync(input, hostile());
      const ingested = spawnSync(binary, ["ingest", input, "--store", store], { encoding: "utf8" });
      if (ingested.status !== 0) throw new Error(ingested.stderr);
      const server = await start("--store", store);
      await use(server.url);
      await stop(server);
      rmSync(folder, { recursive: true });
    },
    { scope: "worker", timeout: 300_000 },
  ],
  // Fails a test whose page logs an error, such as a script or style that the policy refuses.
  page: async ({ page }, use) => {
    const errors = [];
    page.on("console", (message) => {
      const expected = /the server responded with a status of 4\d\d/.test(message.text());
      if (message.type() === "error" && !expected) errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    await use(page);
    expect(errors).toEqual([]);
  },
});

export { expect };

// The paths of the pages over the examples.
export async function paths(page, site) {
  await page.goto(`${site}/search?q=speaker:brandt+toll`);
  const statement = await page.locator(".hits blockquote a").first().getAttribute("href");
  const article = (await page.locator(".hits .origin a").first().getAttribute("href")).split("#")[0];
  await page.goto(`${site}/person?name=Ada+Brandt`);
  const person = new URL(page.url()).pathname;
  await page.goto(`${site}/events`);
  const report = await page.locator(".hits a", { hasText: "Open the report" }).first().getAttribute("href");
  return {
    home: "/",
    search: "/search?q=speaker:brandt+toll",
    nothing: "/search?q=nowhere",
    error: "/search?q=bridge+speeker:brandt",
    statement,
    article,
    person,
    several: "/person?name=brandt",
    events: "/events",
    report,
    "rival accounts": "/events?show=accounts",
    "wrong query for events": "/events?q=typ:aid",
    relations: "/relations?one=Norland+Republic&other=Sund+Republic",
    "relations of nobody": "/relations?one=Norland+Republic&other=Nobody",
    sources: "/sources",
    try: "/try",
    review: "/review",
    decisions: "/decisions",
    "sign in": "/sign-in",
    missing: "/statement/0000000000000000",
  };
}
