#!/usr/bin/env python3
"""Runs a command five times and prints one line of JSON: milliseconds of processor and wall, medians, and the largest peak memory.

    process.py <what> <file> <command> [<argument>...]
"""
import json
import os
import statistics
import subprocess
import sys
import time

SAMPLES = 5


def main(what, file, *command):
    processor, wall, peak = [], [], 0
    for sample in range(SAMPLES + 1):
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{what}: exit {os.waitstatus_to_exitcode(status)}")
        if sample == 0:
            continue  # brings files and program into the page cache
        wall.append(time.perf_counter() - started)
        processor.append(usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss)
    print(json.dumps({"who": "VerseEtl", "what": what, "files": [file], "cpu_ms": statistics.median(processor) * 1e3,
                      "wall_ms": statistics.median(wall) * 1e3, "samples": SAMPLES, "peak_kb": peak, "answers": None}))


if __name__ == "__main__":
    main(*sys.argv[1:])
