"""Every example of the README, as pasted, in its order, on one node."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

from running import RunningNode, program

HERE = pathlib.Path(__file__).resolve().parents[1]

try:
    import pandas
except ImportError:
    pandas = None


@unittest.skipUnless(program(), "needs dotnet and a build of the node")
class ReadmeTests(unittest.TestCase):
    def test_examples_run_as_pasted(self):
        examples = re.findall(r"```python\n(.*?)```", (HERE / "README.md").read_text(), re.DOTALL)
        self.assertEqual(5, len(examples))
        running = RunningNode()
        self.addCleanup(running.close)
        environment = dict(os.environ, ACTORTRADING_NODE=running.url, ACTORTRADING_INGEST=f"127.0.0.1:{running.port}")
        if not os.environ.get("ACTORTRADING_INSTALLED"):
            environment["PYTHONPATH"] = str(HERE / "src")
        for number, example in enumerate(examples, 1):
            if "history(" in example and not pandas:
                continue
            with self.subTest(example=number):
                done = subprocess.run([sys.executable, "-c", example], env=environment, capture_output=True, text=True, timeout=120)
                self.assertEqual(0, done.returncode, done.stderr)
                self.assertTrue(done.stdout.strip())


if __name__ == "__main__":
    unittest.main()
