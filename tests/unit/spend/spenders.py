"""A program that spends: python spenders.py CONFIG PROCESSES THREADS MOST [DOOMED]

Forks processes, each of which makes a hub over the configuration (a JSON file) and, once all are ready, calls its role
"chat" from several threads until its budget refuses, or each thread made MOST calls. DOOMED of them first open a stream
that they never read to its end; they are killed (with SIGKILL) one after each hundred and some calls of all, and at the
latest when nobody calls any more.
Prints how many calls each surviving process made.
"""

import json
import os
import random
import signal
import sys
import threading

MESSAGE = [{"role": "user", "content": "a " * 1000}]


def spend(hub, threads, most, tell):
    from llmhub import errors

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
    return len(made)


def survive(config, threads, most, tell, begin):
    from llmhub import Hub

    hub = Hub(config=config)
    os.write(tell, b".")
    os.read(begin, 1)
    made = spend(hub, threads, most, tell)
    hub.close()
    # In one piece: eight processes write to one pipe.
    os.write(1, f"{made}\n".encode())


def perish(config, threads, most, tell, begin):
    from llmhub import Hub

    hub = Hub(config=config)
    chunks = hub.completion("chat", MESSAGE, stream=True)
    next(chunks)
    os.write(tell, b".")
    os.read(begin, 1)
    spend(hub, threads, most, tell)
    os.close(tell)
    signal.pause()


def main():
    config, processes, threads, most = json.load(open(sys.argv[1])), *map(int, sys.argv[2:5])  # noqa: PTH123, SIM115
    doomed = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    import any_llm  # noqa: F401 - once, and not in each of the processes

    told, tell = os.pipe()
    begin, held_back = os.pipe()
    children = []
    for life in [perish] * doomed + [survive] * (processes - doomed):
        child = os.fork()
        if child == 0:
            os.close(held_back)
            try:
                life(config, threads, most, tell, begin)
            finally:
                os._exit(0)
        children.append(child)
    os.close(tell)
    for _ in children:
        os.read(told, 1)
    os.close(held_back)
    for child in children[:doomed]:
        for _ in range(random.randint(100, 200)):
            if not os.read(told, 1):
                break
        os.kill(child, signal.SIGKILL)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
