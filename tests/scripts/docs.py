"""Prints what the documentation names and the repository does not have, a line each, and then exits with 1.

Usage: docs.py. In the pages (*.md), it checks relative links with their headings, test classes and options of scripts. A page
must not end with a colon, since a list is then lost. In the pages, the template and the scripts, it checks paths. A path that
git ignores is made by a build, and need not exist.
"""

import glob
import pathlib
import re
import subprocess
import sys

LINK = re.compile(r'\]\(([^)\s]+)\)|src="([^"]+)"')
TEST = re.compile(r"\b[A-Z][A-Za-z]+Test\b")
OPTION = re.compile(r"\b(bin/[a-z-]+)(?: [\w./=]+)* (--[a-z-]+)")


def git(*arguments):
    return subprocess.run(["git", *arguments], capture_output=True, text=True).stdout.splitlines()


def anchors(page):
    """The anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.*)", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_link_dead(page, link):
    file, _, anchor = link.partition("#")
    # A link without a file is to the page itself.
    target = page.parent / file if file else page
    return not target.exists() or (anchor and anchor not in anchors(target))


def is_path_dead(path):
    # A pattern such as target/ matches a missing folder only by a file in it.
    return not glob.glob(path) and not git("check-ignore", path, path + "/x")


files = git("ls-files", "--cached", "--others", "--exclude-standard")
folders = "|".join(sorted({re.escape(file.partition("/")[0]) for file in files if "/" in file}))
PATH = re.compile(rf"(?<![\w./~*-])(?:{folders})/[\w.*/-]*[\w*/]")
tests = {pathlib.Path(file).stem for file in files if file.endswith("Test.java")}
pages = [pathlib.Path(file) for file in files if file.endswith(".md")]
others = [pathlib.Path(file) for file in files if re.match(r"bin/|\.ci/|\.github/|template\.yaml|[^/]*\.(toml|txt)$", file)]

dead, count = [], 0
for page in pages:
    text = page.read_text()
    links = [link or source for link, source in LINK.findall(text) if not (link or source).startswith("https:")]
    names = TEST.findall(text)
    dead += [f"{page}: the list at the end"] if text.rstrip().endswith(":") else []
    options = OPTION.findall(text)
    dead += [f"{page}: {link}" for link in links if is_link_dead(page, link)]
    dead += [f"{page}: {name}" for name in names if name not in tests]
    dead += [f"{page}: {script} {option}" for script, option in options if option not in pathlib.Path(script).read_text()]
    count += len(links) + len(names) + len(options)
for file in pages + others:
    paths = set(PATH.findall(file.read_text()))
    dead += [f"{file}: {path}" for path in sorted(paths) if is_path_dead(path)]
    count += len(paths)

print("\n".join(dead) or f"all {count} are there")
sys.exit(bool(dead))
