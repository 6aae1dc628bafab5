"""Times a way of measuring and prints one line of JSON: milliseconds a call, processor and wall, and its answers."""
import json
import statistics
import time

SAMPLES = 5
LEAST_SAMPLE_S = 0.1
# a call longer than this is not repeated: its figure then says "1 sample"
LONGEST_REPEATED_S = 4.0


def run(who, what, files, work):
    processor, wall = time.process_time(), time.perf_counter()
    answers = work()
    processor, wall = time.process_time() - processor, time.perf_counter() - wall
    samples = 1
    if wall <= LONGEST_REPEATED_S:
        samples, repeats = SAMPLES, max(1, int(LEAST_SAMPLE_S / wall + 1))
        taken = [_sample(work, repeats) for _ in range(samples)]
        processor, wall = (statistics.median(values) for values in zip(*taken))
    print(json.dumps({"who": who, "what": what, "files": files, "cpu_ms": processor * 1e3, "wall_ms": wall * 1e3,
                      "samples": samples, "answers": answers}), flush=True)


def _sample(work, repeats):
    processor, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.process_time() - processor) / repeats, (time.perf_counter() - wall) / repeats
