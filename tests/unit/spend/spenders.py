"""A program that spends: python spenders.py CONFIG PROCESSES THREADS MOST [KILLED]

Forks processes, each of which makes a hub over the configuration (a JSON file) and calls its role "chat" from several
threads until its budget refuses, or each thread made MOST calls. Kills (with SIGKILL) as many of them as KILLED says,
one after each hundred and some calls.
Prints how many calls each surviving process made.
"""

import json
import os
import random
import signal
import sys
import threading

MESSAGE = [{"role": "user", "content": "a " * 1000}]


def spend(config, threads, most, tell):
    from llmhub import Hub, errors

    hub = Hub(config=config)
    made = []

    def go_on():
        for _ in range(most):
            try:
                hub.completion("chat", MESSAGE)
            except errors.BudgetExceeded:
                return
            made.append(1)
            os.write(tell, b".")

    running = [threading.Thread(target=go_on) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    hub.close()
    return len(made)


def main():
    config, processes, threads, most = json.load(open(sys.argv[1])), *map(int, sys.argv[2:5])  # noqa: PTH123, SIM115
    killed = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    import any_llm  # noqa: F401 - once, and not in each of the processes

    told, tell = os.pipe()
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            try:
                # In one piece: eight processes write to one pipe.
                os.write(1, f"{spend(config, threads, most, tell)}\n".encode())
            finally:
                os._exit(0)
        children.append(child)
    for child in random.sample(children, killed):
        for _ in range(random.randint(100, 200)):
            os.read(told, 1)
        os.kill(child, signal.SIGKILL)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
