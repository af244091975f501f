"""Shows how far a long step is: a moving bar in a terminal, some lines elsewhere."""

import sys
import time

WIDTH = 30


class Bar:
    """Called as ``bar(done, total)`` as often as one likes."""

    def __init__(self, title, stream=None):
        self.title = title
        self.stream = stream or sys.stderr
        self.start = time.monotonic()
        self.shown = -1
        self.moving = self.stream.isatty()

    def __call__(self, done, total):
        share = min(done / total, 1) if total else 1
        step = int(share * (100 if self.moving else 10))
        if step <= self.shown:
            return
        self.shown = step
        seconds = time.monotonic() - self.start
        bar = "#" * round(share * WIDTH)
        text = f"{self.title} [{bar:<{WIDTH}}] {share:4.0%} {seconds:4.0f} s"
        end = "\r" if self.moving and share < 1 else "\n"
        print(text, file=self.stream, end=end, flush=True)
