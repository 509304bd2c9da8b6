// Every test runs in light mode, in dark mode and at the width of a phone.
import { defineConfig } from "@playwright/test";

const launchOptions = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // The sandbox of Chromium does not start for root.
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
};

export default defineConfig({
  testDir: ".",
  outputDir: "results",
  reporter: [["list"]],
  workers: 1,
  timeout: 60_000,
  use: { launchOptions, viewport: { width: 1200, height: 900 } },
  projects: [
    { name: "light", use: { colorScheme: "light" } },
    { name: "dark", use: { colorScheme: "dark" } },
    { name: "phone", use: { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
