"""A node as a process, for tests."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
if not os.environ.get("ACTORTRADING_INSTALLED"):  # otherwise the package that was installed is tested
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "src"))

PLAN = """{"frames":["tick","1min","5min"],"indicators":["sma(20)"],"rules":[{"name":"turn","rule":"buy when close > sma(20) on 1min"}]}"""


def program():
    found = os.environ.get("ACTORTRADING_DLL") or str(ROOT / "src/ActorTrading.Host/bin/Release/net10.0/actortrading.dll")
    return found if os.path.exists(found) and shutil.which("dotnet") else None


class RunningNode:
    """Starts on free ports; ``kill`` and ``start`` keep folder and ports."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="actortrading-python-")
        self.port, self.http_port = 0, 0
        pathlib.Path(self.folder, "plan.json").write_text(PLAN)
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http_port}"

    def start(self):
        command = [
            "dotnet", program(), "node", "--engine", "embedded", "--data", str(pathlib.Path(self.folder, "data")),
            "--plan", str(pathlib.Path(self.folder, "plan.json")), "--port", str(self.port), "--http-port", str(self.http_port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = []
        while self.process.poll() is None:
            line = self.process.stdout.readline()
            said.append(line)
            if ticks := re.search(r"listening on 127\.0\.0\.1:(\d+)", line):
                self.port = int(ticks.group(1))
            if api := re.search(r"http://127\.0\.0\.1:(\d+) \(API\)", line):
                self.http_port = int(api.group(1))
                return
        raise RuntimeError("the node did not start:\n" + "".join(said))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
