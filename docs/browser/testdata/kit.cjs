// What the browser tests share: pages that record everything a visitor must never meet, and steps
// whose results are printed one a line for the Go test to read.
const path = require("node:path");
const modules = process.env.QUINTET_NODE_MODULES;
const { chromium } = require(path.join(modules, "playwright-core"));
const { AxeBuilder } = require(path.join(modules, "@axe-core/playwright"));

const [base, username, password, shots] = process.argv.slice(2);

const say = (result) => console.log(JSON.stringify(result));

// step runs one named part of a test and reports how it ended; later steps run all the same.
async function step(name, fn) {
  try {
    await fn();
    say({ name, ok: true });
  } catch (error) {
    say({ name, ok: false, detail: String(error.message || error).slice(0, 3000) });
  }
}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

// open makes a page in a fresh browser profile. Its faults collect console errors, failed requests,
// and requests to other hosts.
async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "en-GB", ...options });
  context.setDefaultTimeout(120000);
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (400|403|404|422)/.test(message.text())) page.faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith("data:") && !url.startsWith("blob:")) page.faults.push(`request leaves the host: ${url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) page.faults.push(`${response.status()} ${response.url()}`);
  });
  return page;
}

function noFaults(page) {
  const faults = page.faults.splice(0);
  assert(faults.length === 0, faults.join("\n"));
}

async function login(page, where = "/admin/login/") {
  await page.goto(base + where);
  await page.fill("[name=username]", username);
  await page.fill("[name=password]", password);
  await page.click("main form button:not([type=button])");
  await page.waitForLoadState();
}

// accessible fails on any violation that axe finds on the page as it is.
async function accessible(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  assert(violations.length === 0, violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.slice(0, 3).map((n) => `${n.target.join(" ")} ${n.failureSummary.replaceAll("\n", " ")}`).join("\n  ")}`).join("\n"));
}

// fits fails when the page scrolls sideways.
async function fits(page) {
  const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert(wide <= screen, `the page is ${wide} px wide on a screen of ${screen} px`);
}

async function shoot(page, name) {
  if (shots) await page.screenshot({ path: path.join(shots, name + ".png"), fullPage: true });
}

async function run(main) {
  const browser = await chromium.launch({
    executablePath: process.env.QUINTET_CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    await main(browser);
  } catch (error) {
    say({ name: "script", ok: false, detail: String(error.stack || error) });
  } finally {
    await browser.close();
  }
}

module.exports = { base, username, password, step, assert, open, noFaults, login, accessible, fits, shoot, run };
