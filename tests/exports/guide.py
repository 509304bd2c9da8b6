"""Runs the queries and programs of docs/guide-researchers.md on the exports: guide.py PAGE FOLDER.

An `sql` or `python` block prints what the `text` block after it shows. With UPDATE=1, the output is written into the page.
"""

import contextlib
import io
import os
import re
import sys

import duckdb

page, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
with open(page, encoding="utf-8") as file:
    text = file.read()
os.chdir(folder)


def output(language: str, code: str) -> str:
    if language == "sql":
        return str(duckdb.sql(code))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, page, "exec"), {})
    return printed.getvalue()


count = 0
wrong = []


def checked(match: re.Match[str]) -> str:
    global count
    count += 1
    language, code, between, shown = match.groups()
    printed = output(language, code).rstrip() + "\n"
    if printed != shown:
        wrong.append(f"{code}prints\n{printed}")
    return f"```{language}\n{code}```{between}```text\n{printed}```"


updated = re.sub(r"```(sql|python)\n(.*?)```(\s+)```text\n(.*?)```", checked, text, flags=re.DOTALL)
assert count > 3, f"only {count} blocks"
if os.environ.get("UPDATE"):
    with open(page, "w", encoding="utf-8") as file:
        file.write(updated)
elif wrong:
    sys.exit(f"{page} shows other output for:\n" + "\n".join(wrong))
print(f"{count} queries and programs of the guide: as shown")
