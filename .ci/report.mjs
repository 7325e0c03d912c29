// Called by .ci/report, which copies it to where its packages are: HANPRESS FOLDER SCHEMA.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import Ajv2020 from "ajv/dist/2020.js";
import Ajv from "ajv-draft-04";

const require = createRequire(import.meta.url);
const [hanpress, folder, schema] = process.argv.slice(2);
let passed = 0, failed = 0;
const check = (what, good, detail = "") => {
  if (good) passed += 1; else failed += 1;
  console.log(`${good ? "ok   " : "FAIL "} ${what}${good || !detail ? "" : `: ${detail}`}`);
};
const equal = (what, got, expected) =>
  check(what, JSON.stringify(got) === JSON.stringify(expected), `${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
const run = (...args) => {
  const { status, stdout, stderr } = spawnSync(hanpress, args, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 30 });
  return { status, stdout, stderr };
};
const put = (name, text) => writeFileSync(join(folder, name), text);
const read = (name) => readFileSync(join(folder, name), "utf8");

// ---- texts -----------------------------------------------------------------------------------------------------------
const article = read("article.txt");
const slips = ["他迫不急待地打開了信", "我們再接再勵", "師傅來按裝冷氣", "街上穿流不息", "甘敗下風"];
let long = "";
for (let i = 0, n = 0; Buffer.byteLength(long) < 1_000_000; i++) {
  for (const line of article.replaceAll("上合組職", "上合組織").split("\n")) {
    const slip = line.length > 60 && n < 1000 ? `第${++n}處：${slips[n % slips.length]}。` : "";
    long += `${line}${slip}\n`;
  }
}
put("long.txt", long);
const hostile = "他迫不急待地說：</script><script>window.hit=1</script><img src=x onerror=window.hit=2>\u202Eabc\u202C。\n\n"
  + "<!-- &lt;/p&gt; 「甘敗下風」' \" ` ${window.hit=3}，他甘敗下風\u2028\u2029了。\n\n再接再勵\u200B的'\"><svg onload=window.hit=4>，\u2066好\u2069。\n";
put("hostile.txt", hostile);
put("good.txt", "今天天氣很好。\n\n我們去散步了。\n");

// ---- formats ---------------------------------------------------------------------------------------------------------
const sarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false })
  .compile(JSON.parse(readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8")));
const json = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync(schema, "utf8")));
for (const name of ["article.txt", "long.txt", "hostile.txt", "good.txt"]) {
  const log = JSON.parse(run("check", name, "--format", "sarif", "--all").stdout);
  check(`${name}: SARIF is valid`, sarif(log), JSON.stringify(sarif.errors));
  const text = read(name), points = [...text], bytes = Buffer.from(text);
  const lines = text.split("\n").map((line) => [...line]);
  const wrong = log.runs[0].results.filter(({ locations: [{ physicalLocation: { region: r } }] }) => {
    const snippet = r.snippet.text;
    const inLine = r.startLine === r.endLine
      && lines[r.startLine - 1].slice(r.startColumn - 1, r.endColumn - 1).join("") !== snippet;
    return inLine || points.slice(r.charOffset, r.charOffset + r.charLength).join("") !== snippet
      || bytes.subarray(r.byteOffset, r.byteOffset + r.byteLength).toString() !== snippet;
  });
  equal(`${name}: regions name their words in lines, characters and bytes`, wrong.length, 0);
  const prints = log.runs[0].results.map((r) => r.ruleId + r.partialFingerprints["hanpressFinding/v1"]);
  equal(`${name}: each result has a fingerprint of its own`, new Set(prints).size, prints.length);
  const report = JSON.parse(run("check", name, "--format", "json").stdout);
  check(`${name}: JSON is as docs/report.schema.json has it`, json(report), JSON.stringify(json.errors?.slice(0, 3)));
}
{
  const prints = (text) => {
    put("moved.txt", text);
    return JSON.parse(run("check", "moved.txt", "--format", "sarif").stdout).runs[0].results.map((r) => r.partialFingerprints);
  };
  equal("fingerprints survive a move by lines", prints(article), prints(article.replace("\n\n", "\n\n新的一段在此。\n\n另一段也在此。\n\n")));
}

// ---- the page --------------------------------------------------------------------------------------------------------
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const open = async (name, { width = 1360, height = 900, dark = false, phone = false, language } = {}) => {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", acceptDownloads: true, hasTouch: phone, isMobile: phone });
  const page = await context.newPage();
  page.asked = [];
  page.faults = [];
  page.on("request", (r) => page.asked.push(r.url()));
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) page.faults.push(m.text()); });
  page.on("pageerror", (e) => page.faults.push(String(e)));
  await page.goto(`file://${folder}/${name}`);
  if (language) await page.selectOption("#ui", language);
  return page;
};
const at = (page) => page.evaluate(() => document.querySelector(".f.now")?.dataset.f ?? null);
const count = (page) => page.textContent("#count");
const exported = async (page) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("e")]);
  equal("the export has the name of the file of decisions", download.suggestedFilename(), "hanpress.decisions");
  return readFileSync(await download.path(), "utf8");
};
const accessible = async (page, what) => {
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"] }));
  const said = found.violations.map((v) => `${v.id} (${v.nodes.length}: ${v.nodes[0].html.slice(0, 120)})`);
  check(`${what}: axe finds nothing`, said.length === 0, said.join("; "));
};

const make = (name, ...more) => run("check", `${name}.txt`, "--format", "html", "-o", `${name}.html`, ...more);
equal("a page is made, and check says that there are findings", make("article").status, 1);
const once = read("article.html");
make("article");
check("the page is the same each time", once === read("article.html"));
check("the page names no other place", !/(?:src|href)=["'](?!#|data:,)/.test(once) && !once.includes("@import") && !once.includes("url("));
{
  const page = await open("article.html");
  equal("the page speaks the language of the manuscript", await page.evaluate(() => document.documentElement.lang), "zh-Hant");
  const findings = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent).findings);
  const typo = findings.findIndex((f) => f.before?.includes("職")), total = findings.filter((f) => f.kind === "change").length;
  equal("the first open finding is chosen", await at(page), String(findings.findIndex((f) => f.kind === "change")));
  for (let i = 0; i < findings.length && (await at(page)) !== String(typo); i++) await page.keyboard.press("j");
  equal("the correction stands above the line", await page.textContent(".f.now rt"), "織");
  check("the card gives the reason", (await page.textContent("#card")).includes("15 times"));
  await page.screenshot({ path: join(folder, "article-desk.png") });
  await accessible(page, "article");
  const state = () => page.getAttribute(`.f[data-f="${typo}"]`, "class");
  await page.keyboard.press("r");
  check("r rejects", (await state()).includes("reject"));
  await page.keyboard.press("u");
  check("u undoes", !(await state()).includes("reject"));
  await page.keyboard.press("c");
  await page.keyboard.type("ar 上合 u?");
  await page.keyboard.press("Enter");
  await page.keyboard.press("a");
  check("a accepts", (await state()).includes("accept"));
  equal("… and is counted", await count(page), `已決定 1 處，共 ${total} 處`);
  await page.keyboard.press("?");
  check("? opens the help", await page.isVisible("#help"));
  await page.screenshot({ path: join(folder, "article-help.png") });
  await page.keyboard.press("Escape");
  const file = await exported(page);
  const { rule, before, after, line, column } = findings[typo];
  const [head, tail] = article.split(before).map((part) => [...part]);
  equal("the decision is exported with its surroundings and remark", file.split("\n").filter((l) => l && !l.startsWith("#")),
    [["accept", "article.txt", rule, before, after, head.slice(-8).join(""), tail.slice(0, 8).join(""), "ar 上合 u?"].join("\t")]);
  put("exported.decisions", file);
  equal("hanpress writes the same file as the page", run("decide", "article.txt", "--decisions", "own.decisions", "--accept", `${line}:${column}`, "--comment", "ar 上合 u?").status, 0);
  equal("… byte for byte", read("own.decisions"), file);
  await page.reload();
  equal("decisions survive a reload", await count(page), `已決定 1 處，共 ${total} 處`);
  await page.selectOption("#ui", "en");
  equal("the page can speak English", await count(page), `1 of ${total} decided`);
  await page.screenshot({ path: join(folder, "article-accepted.png") });
  equal("nothing but the file is asked for", page.asked.filter((u) => !u.startsWith(`file://${folder}/article.html`) && !u.startsWith("blob:") && u !== "data:,"), []);
  equal("the browser has nothing to complain of", page.faults, []);
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: join(folder, "article-print.png"), fullPage: true });
  await page.context().close();
}
for (const [name, options] of [["phone", { width: 390, height: 844, phone: true }], ["dark", { dark: true, language: "en" }]]) {
  const page = await open("article.html", options);
  await page.keyboard.press("j");
  await page.waitForTimeout(150);
  check(`${name}: the chosen words are in sight`, await page.evaluate(() => {
    const mark = document.querySelector(".f.now").getBoundingClientRect(), phone = innerWidth < 700;
    const below = phone ? document.querySelector("aside").getBoundingClientRect().top : innerHeight;
    return mark.top >= 0 && mark.bottom <= below && document.documentElement.scrollWidth <= innerWidth;
  }));
  await page.screenshot({ path: join(folder, `article-${name}.png`) });
  await accessible(page, `article, ${name}`);
  await page.context().close();
}
{
  make("hostile");
  const page = await open("hostile.html");
  equal("hostile text does nothing", await page.evaluate(() => window.hit ?? null), null);
  equal("hostile text makes no elements", await page.evaluate(() => document.querySelectorAll("main img, main svg, main script").length), 0);
  check("hostile text is shown as it is", (await page.textContent("main")).includes("</script><script>window.hit=1</script>"));
  check("controls of direction are shown as numbers", await page.evaluate(() => !/[\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText) && document.body.innerText.includes("U+202E")));
  for (const key of ["a", "r", "a"]) await page.keyboard.press(key);
  const file = await exported(page);
  put("hostile.decisions", file);
  const report = JSON.parse(run("check", "hostile.txt", "--format", "json", "--decisions", "hostile.decisions").stdout);
  const lines = file.split("\n").filter((l) => /^(accept|reject)\t/.test(l)).length;
  check("what was decided about hostile text is read back", lines > 0 && report.documents[0].report.changes.filter((c) => c.verdict).length >= lines);
  equal("hostile: the browser has nothing to complain of", page.faults, []);
  await page.screenshot({ path: join(folder, "hostile.png") });
  await page.context().close();
}
{
  make("good");
  const page = await open("good.html");
  check("a text without findings says so", (await page.textContent("#card")).includes("沒有發現"));
  equal("good: the browser has nothing to complain of", page.faults, []);
  await page.screenshot({ path: join(folder, "good.png") });
  await page.context().close();
}
{
  const began = performance.now();
  make("long");
  const made = performance.now() - began;
  const opened = performance.now();
  const page = await open("long.html");
  await page.waitForFunction(() => document.querySelector(".f.now"));
  const ready = performance.now() - opened;
  const changes = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent).findings.length);
  check(`the long text has its thousand findings (${changes})`, changes >= 1000);
  const stepped = performance.now();
  for (let i = 0; i < 40; i++) await page.keyboard.press("j");
  const step = (performance.now() - stepped) / 40;
  equal("j forty times is forty findings on", await at(page), "40");
  await page.waitForTimeout(150);
  check("… and in sight", await page.evaluate(() => { const r = document.querySelector(".f.now").getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight; }));
  await page.screenshot({ path: join(folder, "long-desk.png") });
  const decided = performance.now();
  for (let i = 0; i < 20; i++) await page.keyboard.press(i % 2 && (await page.isVisible("#accept")) ? "a" : "r");
  const decide = (performance.now() - decided) / 20;
  equal("twenty decisions are counted", await count(page), `已決定 20 處，共 ${changes} 處`);
  for (let i = 0; i < 5; i++) await page.keyboard.press("u");
  equal("five are undone", await count(page), `已決定 15 處，共 ${changes} 處`);
  await page.uncheck("#tones input[value=likely]");
  const shown = await page.evaluate(() => document.querySelectorAll("#list li").length);
  check("likely ones can be left out", shown > 0 && shown < changes);
  await page.selectOption("#status", "accept");
  const accepted = await page.evaluate(() => document.querySelectorAll("#list li.accept").length);
  check("accepted ones can be looked at alone", accepted > 0 && accepted <= 15);
  await page.selectOption("#status", "");
  await page.check("#tones input[value=likely]");
  const rules = await page.evaluate(() => [...document.querySelectorAll("#rule option")].map((o) => o.value));
  await page.selectOption("#rule", rules[1]);
  check("one rule can be looked at alone", await page.evaluate(() => document.querySelectorAll("#list li").length) > 0);
  const file = await exported(page);
  put("long.decisions", file);
  const { stderr } = run("check", "long.txt", "--decisions", "long.decisions");
  check("hanpress counts what was rejected", /\d+ rejected earlier/.test(stderr), stderr);
  equal("long: the browser has nothing to complain of", page.faults, []);
  check(`page of ${(Buffer.byteLength(read("long.html")) / 1e6).toFixed(1)} MB: made in ${made.toFixed(0)} ms, ready in ${ready.toFixed(0)} ms, a step ${step.toFixed(0)} ms, a decision ${decide.toFixed(0)} ms`, ready < 10000 && step < 500 && decide < 500);
  await page.context().close();
  const phone = await open("long.html", { width: 390, height: 844, phone: true });
  for (let i = 0; i < 7; i++) await phone.tap("#next");
  await phone.waitForTimeout(200);
  await phone.screenshot({ path: join(folder, "long-phone.png") });
  check("phone: the chosen words are in sight", await phone.evaluate(() => {
    const r = document.querySelector(".f.now").getBoundingClientRect();
    return r.top >= 0 && r.bottom <= document.querySelector("aside").getBoundingClientRect().top;
  }));
  await phone.context().close();
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
