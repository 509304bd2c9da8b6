"""The texts of a file of articles, each once, as the engine reads them: `python texts.py ARTICLES.jsonl`."""

import json
import sys

texts = dict.fromkeys(text for line in open(sys.argv[1]) if (text := json.loads(line).get("text")))
for text in texts:
    print(json.dumps({"text": text}))
