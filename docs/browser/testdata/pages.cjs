// Every kind of page in light and dark, wide and narrow: accessible, no sideways scrolling, no
// console error, no request to another host.
const kit = require("./kit.cjs");
const { base, step, assert, open, noFaults, login, accessible, fits, shoot, run } = kit;

run(async (browser) => {
  for (const width of [1280, 360]) {
    for (const colorScheme of ["light", "dark"]) {
      const where = `${width} px, ${colorScheme}`;
      const page = await open(browser, { viewport: { width, height: 860 }, colorScheme, reducedMotion: "reduce" });
      const visit = (name, target, prepare) =>
        step(`${name} (${where})`, async () => {
          const response = await page.goto(base + (typeof target === "function" ? await target() : target));
          assert(response.status() < 500, `status ${response.status()}`);
          if (prepare) await prepare();
          await shoot(page, `${name}-${width}-${colorScheme}`.replaceAll(/[^\w-]+/g, "_"));
          await accessible(page);
          await fits(page);
          noFaults(page);
        });

      await visit("home", "/");
      await visit("second page", "/?page=2");
      const post = await page.evaluate(() => document.querySelector("main article a[href]")?.getAttribute("href"));
      await visit("post", post || "/");
      await visit("comment form with errors", post || "/", async () => {
        await page.evaluate(() => document.querySelector("main form[method=post]").noValidate = true);
        await page.click("main form[method=post] button");
        await page.waitForLoadState();
        assert(await page.locator("[aria-invalid=true]").count() > 0, "no field is marked as invalid");
      });
      await visit("not found", "/no-such-page/");
      await visit("public login", "/accounts/login/");
      await visit("admin login", "/admin/login/");
      await visit("admin login refused", "/admin/login/", async () => {
        await page.fill("[name=username]", "nobody");
        await page.fill("[name=password]", "wrong password");
        await page.click("main form button:not([type=button])");
        await page.waitForLoadState();
        assert(await page.locator("[role=alert]").count() === 1, "no alert says that the login failed");
      });
      await step(`log in (${where})`, async () => {
        await login(page);
        assert(page.url() === base + "/admin/", `landed on ${page.url()}`);
        noFaults(page);
      });
      await visit("admin index", "/admin/");
      await visit("admin app", "/admin/blog/");
      await visit("admin list", "/admin/blog/post/");
      await visit("admin list narrowed", "/admin/blog/post/?q=a&o=-title");
      await visit("admin list without match", "/admin/blog/post/?q=zzzzzzzz");
      await visit("admin list hostile", "/admin/blog/post/?q=%27%3Cscript%3E&o=id;drop&p=-3&title__nope=1");
      await visit("admin add", "/admin/blog/post/add/");
      await visit("admin add with errors", "/admin/blog/post/add/", async () => {
        await page.click("[name=_save]");
        await page.waitForLoadState();
        assert(await page.locator(".error-summary").count() === 1, "no summary of errors");
      });
      const change = async () => {
        await page.goto(base + "/admin/blog/post/");
        return page.locator("tbody th a").first().getAttribute("href");
      };
      await visit("admin change", change);
      await visit("admin delete", async () => (await change()).replace("change/", "delete/"));
      await visit("admin history", async () => (await change()).replace("change/", "history/"));
      await visit("admin users", "/admin/accounts/user/");
      await visit("admin add user", "/admin/accounts/user/add/");
      await visit("admin groups", "/admin/auth/group/");
      await visit("admin add group", "/admin/auth/group/add/");
      await visit("admin not found", "/admin/blog/post/99999999/change/");
      await page.context().close();
    }
  }
});
