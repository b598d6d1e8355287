"""The lab's exporter as its original was made: Python and prometheus_client. A peer for `make bench`."""

import math
import os
import random
import threading
import time

from prometheus_client import REGISTRY, Info, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

SPIKE_THRESHOLD_PERCENT = 80


def percent():
    """Uniform, 0 to 99.99 in steps of 0.01."""
    return int(10_000 * random.random()) / 100


class Lab:
    """Every metric of the lab, evaluated when it is scraped; the counters advance by whole seconds."""

    def __init__(self, cores):
        self.labels = [(f"core{number}",) for number in range(1, cores + 1)]
        self.lock = threading.Lock()
        self.reached = math.floor(time.time())
        self.cpu = percent()
        self.requests = self.spikes = self.busy_seconds = 0

    def advance(self, now):
        while self.reached < math.floor(now):
            before, self.cpu = self.cpu, percent()
            self.requests += random.randint(0, 16)
            self.spikes += before <= SPIKE_THRESHOLD_PERCENT < self.cpu
            self.busy_seconds += self.cpu / 100
            self.reached += 1

    def collect(self):
        now = time.time()
        with self.lock:
            self.advance(now)
            cpu, requests, spikes, busy_seconds = self.cpu, self.requests, self.spikes, self.busy_seconds
        memory = round(50 + 20 * math.sin(2 * math.pi * now / 1_800), 2)
        yield GaugeMetricFamily("cpu_usage_simulated", "Simulated CPU usage, in percent.", value=cpu)
        yield GaugeMetricFamily("memory_usage_simulated", "Simulated memory usage, in percent.", value=memory)
        usage = GaugeMetricFamily("cpu_usage", "Simulated usage of one core, in percent.", labels=["core"])
        for labels in self.labels:
            usage.add_metric(labels, percent())
        yield usage
        yield CounterMetricFamily("requests", "Simulated requests since the start.", value=requests)
        yield CounterMetricFamily("cpu_spikes", "Times the simulated CPU rose over 80 percent.", value=spikes)
        yield CounterMetricFamily("cpu_busy_seconds", "Seconds of CPU time used.", value=busy_seconds)


if __name__ == "__main__":
    REGISTRY.register(Lab(int(os.environ.get("CORES", "2"))))
    Info("lab", "Which signal the exporter simulates.").info({"signal": "random"})
    start_http_server(int(os.environ.get("PORT", "8000")), os.environ.get("HOST", "127.0.0.1"))
    threading.Event().wait()
