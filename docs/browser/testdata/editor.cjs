// An editor's day: log in, add, edit, search, filter, delete; by mouse, by keyboard, and with
// JavaScript switched off.
const kit = require("./kit.cjs");
const { base, step, assert, open, noFaults, login, run } = kit;

async function day(page, how) {
  const title = `Browser "post" <${how}>`;
  const text = async () => (await page.locator("main").innerText()).replaceAll(/\s+/g, " ");
  const save = async (name) => {
    await page.click(`[name=${name}]`);
    await page.waitForLoadState();
  };
  const choose = async (name, pick) => {
    // A plain select, or the number behind a combobox.
    const select = page.locator(`select[name=${name}]`);
    if (await select.count()) {
      const value = await select.first().evaluate((s) => [...s.options].find((o) => o.value)?.value);
      await page.evaluate(([n, v]) => {
        const s = document.querySelector(`select[name=${n}]`);
        for (const option of s.options) option.selected = option.value === v;
        s.dispatchEvent(new Event("change", { bubbles: true }));
      }, [name, value]);
    } else {
      await page.evaluate(([n, v]) => { document.querySelector(`[name=${n}]`).value = v; }, [name, pick]);
    }
  };

  await step(`${how}: log in`, async () => {
    await page.goto(base + "/admin/blog/post/");
    assert(page.url().includes("/admin/login/?next="), `not asked to log in at ${page.url()}`);
    await page.fill("[name=username]", kit.username);
    await page.fill("[name=password]", kit.password);
    await page.click("main form button:not([type=button])");
    await page.waitForLoadState();
    assert(page.url() === base + "/admin/blog/post/", `not led back to the list but to ${page.url()}`);
    noFaults(page);
  });
  await step(`${how}: add`, async () => {
    await page.click(".page-actions a");
    await page.waitForLoadState();
    await page.fill("[name=title]", title);
    await page.fill("[name=slug]", "browser-post-" + how.replaceAll(/\W+/g, "-"));
    await page.fill("[name=summary]", "A summary");
    await page.fill("[name=body]", "A body with <b>markup</b> that stays text.");
    await choose("author", "1");
    await save("_save");
    assert(page.url().split("?")[0] === base + "/admin/blog/post/", `after saving at ${page.url()}: ${await text()}`);
    assert((await text()).includes("was added"), "no message says that it was added");
    noFaults(page);
  });
  await step(`${how}: search`, async () => {
    await page.fill("[name=q]", "browser");
    await page.press("[name=q]", "Enter");
    await page.waitForLoadState();
    assert((await page.locator("tbody th").allInnerTexts()).some((t) => t.includes(title)), `not found: ${await text()}`);
    noFaults(page);
  });
  await step(`${how}: edit`, async () => {
    await page.locator("tbody th a", { hasText: title }).first().click();
    await page.waitForLoadState();
    assert((await page.inputValue("[name=body]")).trim() === "A body with <b>markup</b> that stays text.", "the body came back changed");
    await page.fill("[name=title]", title + " edited");
    await save("_continue");
    assert((await page.inputValue("[name=title]")) === title + " edited", "the title was not kept");
    assert((await text()).includes("was changed"), "no message says that it was changed");
    noFaults(page);
  });
  await step(`${how}: errors keep what was typed`, async () => {
    await page.fill("[name=title]", "");
    await page.fill("[name=body]", "typed before the error");
    await save("_continue");
    assert(await page.locator(".error-summary a[href='#id_title']").count() === 1, "the summary does not link to the field");
    assert(await page.locator("[name=title][aria-invalid=true]").count() === 1, "the field is not marked");
    assert((await page.inputValue("[name=body]")).trim() === "typed before the error", "what was typed is lost");
    await page.fill("[name=title]", title + " edited");
    await save("_continue");
    noFaults(page);
  });
  await step(`${how}: history`, async () => {
    await page.goto(page.url().replace("change/", "history/"));
    const told = await text();
    assert(told.includes("changed") && told.includes("added"), `history: ${told}`);
    noFaults(page);
  });
  await step(`${how}: filter`, async () => {
    await page.goto(base + "/admin/blog/post/");
    const all = await page.locator(".table caption").innerText();
    const details = page.locator(".filters details.filter:not(.sort)").first();
    await details.locator("summary").click();
    await details.locator("a.menu-item:not([aria-current])").first().click();
    await page.waitForLoadState();
    assert(await page.locator(".chip").count() === 1, "no chip names the filter");
    assert((await page.locator(".table caption").count()) === 0 || (await page.locator(".table caption").innerText()) !== all, "the filter changed nothing");
    await page.locator(".chip a").first().click();
    await page.waitForLoadState();
    assert((await page.locator(".table caption").innerText()) === all, "taking the filter away does not bring all back");
    noFaults(page);
  });
  await step(`${how}: order`, async () => {
    await page.locator("thead a.sortable").first().click();
    await page.waitForLoadState();
    assert(await page.locator("th[aria-sort]").count() >= 1, "no column says that it is sorted");
    noFaults(page);
  });
  await step(`${how}: delete`, async () => {
    await page.goto(base + "/admin/blog/post/?q=browser");
    await page.locator("tbody th a", { hasText: title }).first().click();
    await page.waitForLoadState();
    await page.click("a.danger");
    await page.waitForLoadState();
    assert((await text()).includes("will be deleted"), `no list of the objects to be deleted: ${await text()}`);
    await page.click("button.danger");
    await page.waitForLoadState();
    assert((await text()).includes("was deleted"), `no message says that it was deleted: ${await text()}`);
    await page.goto(base + "/admin/blog/post/?q=browser");
    assert(!(await text()).includes(title), "it is still there");
    noFaults(page);
  });
  await step(`${how}: log out`, async () => {
    await page.locator("summary", { hasText: "Account of" }).click();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForLoadState();
    await page.goto(base + "/admin/");
    assert(page.url().includes("/admin/login/"), `still in at ${page.url()}`);
    noFaults(page);
  });
}

run(async (browser) => {
  const page = await open(browser);
  await day(page, "mouse");
  const plain = await open(browser, { javaScriptEnabled: false });
  await day(plain, "no script");
  const keyboard = await open(browser);
  await step("keyboard: skip link, focus and shortcuts", async () => {
    await login(keyboard);
    await keyboard.goto(base + "/admin/blog/post/");
    await keyboard.keyboard.press("Tab");
    assert((await keyboard.evaluate(() => document.activeElement.className)).includes("skip"), "the first stop is not the skip link");
    await keyboard.keyboard.press("Enter");
    assert(await keyboard.evaluate(() => document.activeElement.id === "content"), "the skip link does not lead to the content");
    await keyboard.keyboard.press("/");
    assert(await keyboard.evaluate(() => document.activeElement.name === "q"), "/ does not lead to the search box");
    noFaults(keyboard);
  });
  await step("keyboard: hostile input stays text", async () => {
    for (const payload of [`"><img src=x onerror=alert(1)>`, `' OR 1=1 --`, `{{ .user }}`, `%27%22;DROP TABLE blog_post`]) {
      let dialog = false;
      keyboard.once("dialog", (d) => { dialog = true; d.dismiss(); });
      await keyboard.goto(base + "/admin/blog/post/?q=" + encodeURIComponent(payload));
      assert(!dialog, `${payload} ran`);
      assert((await keyboard.inputValue("[name=q]")) === payload, `${payload} did not come back as text`);
    }
    await keyboard.goto(base + "/admin/blog/post/");
    assert(await keyboard.locator("tbody tr").count() > 1, "the rows are gone");
    noFaults(keyboard);
  });
});
