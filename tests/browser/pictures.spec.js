// The pictures of the README, taken when PICTURES names the folder for them.
import { join } from "node:path";
import { paths, test } from "./server.js";

const folder = process.env.PICTURES;

test("pictures", async ({ page, site }, { project, outputDir }) => {
  const pages = await paths(page, site);
  const wanted = { light: ["search", "article"], dark: ["statement"], phone: ["person"] }[project.name];
  for (const name of wanted) {
    await page.goto(site + pages[name]);
    await page.screenshot({ path: join(folder ?? outputDir, `${name}.png`) });
  }
});
