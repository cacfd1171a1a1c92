"""What src/bench/soak runs: DIRECTORY JAR MINUTES PERCENT JAVA_BIN TARGET."""
import base64
import hashlib
import http.client
import http.server
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

directory, jar, minutes, percent, java_bin, target = sys.argv[1:7]
seconds = float(minutes) * 60
KEY = "soak-" + base64.urlsafe_b64encode(os.urandom(24)).decode()
TOKEN = "/token?service=registry.localhost&scope=repository:acme/app:pull"
GOOD, STRANGER = "203.0.113.10", "192.0.2.50"
over = threading.Event()
wrong = []
counts = {}
lock = threading.Lock()
times = []


def count(what, number=1):
    with lock:
        counts[what] = counts.get(what, 0) + number


def violation(text):
    with lock:
        wrong.append(f"{time.strftime('%H:%M:%S')} {text}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


port, management, redis_port = free_port(), free_port(), free_port()


def policy(generation):
    # The rules change each time; who may pass, and who may not, does not.
    text = f"""
zones:
  listed: {{ feed: {{ format: lines, file: listed.txt, refresh: 1m }} }}
accounts:
  acme:
    namespaces: [acme]
    network:
      allow: [{{ address: 203.0.113.0/24 }}, {{ zone: listed }}, {{ address: 198.51.100.{generation % 250} }}]
      deny: [{{ address: 192.0.2.{generation % 40} }}]
    service-ids:
      bot: {{ api-keys: [{{ id: k1, digest: "sha-256:{hashlib.sha256(KEY.encode()).hexdigest()}" }}] }}
    bindings:
      - {{ subjects: [service-id:bot], roles: [Writer], namespace: acme }}
"""
    if generation % 5 == 4:
        text = text.replace("allow:", "alow:")  # a mistake: the one before stays
    place = os.path.join(directory, "policy.yaml")
    with open(place + ".new", "w") as out:
        out.write(text)
    os.replace(place + ".new", place)


def key(generation):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
         f"/CN=postern-{generation}", "-keyout", f"{directory}/new.pem", "-out", f"{directory}/new.crt"],
        check=True, stderr=subprocess.DEVNULL)
    # Two files cannot change at once: in between they do not fit, and the last pair signs.
    os.replace(f"{directory}/new.pem", f"{directory}/key.pem")
    os.replace(f"{directory}/new.crt", f"{directory}/key.crt")


def redis():
    return subprocess.Popen(["redis-server", "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
                            stdout=subprocess.DEVNULL)


def ask(connection, path, address, api_key=KEY):
    credentials = base64.b64encode(f"iamapikey:{api_key}".encode()).decode()
    connection.request("GET", path, headers={"X-Forwarded-For": address, "Authorization": "Basic " + credentials})
    answer = connection.getresponse()
    return answer.status, answer.read()


def caller(name, address, expected):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    while not over.is_set():
        began = time.monotonic()
        try:
            status, _ = ask(connection, TOKEN, address)
            with lock:
                times.append(time.monotonic() - began)
            count(f"{name}, {status}")
            if status != expected:
                violation(f"{name} got {status}, expected {expected}")
        except OSError as failure:
            count(f"{name}, failed")
            violation(f"{name} had no answer: {failure!r}")
            connection.close()
            time.sleep(0.2)
        over.wait(0.1)


def load(rate, duration, address, expected, name):
    """A load by h2load over 8 connections, at a rate, or as fast as it goes; returns how many answers a second there were."""
    clients = 8
    credentials = base64.b64encode(f"iamapikey:{KEY}".encode()).decode()
    limit = [f"--rps={max(1, round(rate / clients))}"] if rate else []
    with open(f"{directory}/{name.replace(' ', '-')}.txt", "w+") as said:
        process = subprocess.Popen(
            ["h2load", "--h1", "--threads=1", f"--clients={clients}", f"--duration={int(duration)}", *limit,
             "--header=X-Forwarded-For: " + address, "--header=Authorization: Basic " + credentials,
             f"http://127.0.0.1:{port}{TOKEN}"], stdout=said, stderr=subprocess.STDOUT)
        process.wait()
        said.seek(0)
        text = said.read()
    by_class = dict((kind, int(number)) for number, kind in re.findall(r"(\d+) ([2-5]xx)", text))
    failed = int(re.search(r"(\d+) failed", text).group(1))
    for kind, number in by_class.items():
        if number:
            count(f"{name}, {kind}", number)
        if number and kind != expected:
            violation(f"{name}: {number} answers {kind}, expected {expected} alone")
    if failed > sum(by_class.get(kind, 0) for kind in ("4xx", "5xx")):
        violation(f"{name}: {failed} failed")
    if not by_class.get(expected):
        violation(f"{name}: no answer {expected}")
    return by_class.get(expected, 0) / duration


def slow_client():
    while not over.is_set():
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as s:
                for byte in b"GET /token HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * 1000:
                    s.send(bytes([byte]))
                    if over.wait(0.5):
                        return
        except OSError:
            over.wait(1)


def every(period, action):
    def run():
        generation = 1
        while not over.wait(period):
            action(generation)
            generation += 1
    return threading.Thread(target=run, daemon=True)


def feed(generation):
    # Good, gone, garbage, in turn; what is listed is nobody who asks.
    place = os.path.join(directory, "listed.txt")
    if generation % 3 == 1:
        os.path.exists(place) and os.remove(place)
    else:
        with open(place, "w") as out:
            out.write("198.51.100.128/25\n" if generation % 3 == 0 else "\0not a block\n0.0.0.0/0/0\n")


def resident(pid):
    with open(f"/proc/{pid}/status") as lines:
        return int(re.search(r"VmRSS:\s+(\d+)", lines.read()).group(1)) / 1024


def heap(pid):
    subprocess.run([java_bin + "jcmd", str(pid), "GC.run"], stdout=subprocess.DEVNULL, check=True)
    said = subprocess.run([java_bin + "jcmd", str(pid), "GC.heap_info"], capture_output=True, text=True, check=True).stdout
    return sum(int(used) for used in re.findall(r"total \d+K, used (\d+)K", said)) / 1024


def run():
    policy(0)
    key(0)
    with open(f"{directory}/listed.txt", "w") as out:
        out.write("198.51.100.128/25\n")
    store = [redis()]
    log = open(f"{directory}/server.log", "w")
    server = subprocess.Popen(
        [java_bin + "java", "-XX:+UseSerialGC", "-Xmx96m", "-XX:+ExitOnOutOfMemoryError", f"-Dquarkus.http.port={port}",
         "-Dquarkus.http.host=127.0.0.1", f"-Dquarkus.management.port={management}", "-Dquarkus.profile=local",
         f"-Dpostern.policy={directory}/policy.yaml", f"-Dpostern.data={directory}/data", f"-Dpostern.token.key={directory}/key.pem",
         f"-Dpostern.token.certificate={directory}/key.crt", "-Dpostern.source.trusted-proxies=127.0.0.1",
         f"-Dpostern.redis.hosts=redis://127.0.0.1:{redis_port}", "-Dpostern.audit.sinks=file",
         f"-Dpostern.audit.file.path={directory}/audit.jsonl", "-Dpostern.audit.file.max-size=8M",
         "--enable-native-access=ALL-UNNAMED", "-jar", jar, "serve"], stdout=log, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            if server.poll() is not None:
                raise SystemExit(f"soak: the server did not start; {directory}/server.log says why")
            try:
                if ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), TOKEN, GOOD)[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit("soak: the server did not start")

        # The first requests of a Java virtual machine are slow; what is left out here is no violation.
        load(0, 15, GOOD, "2xx", "warm-up")
        capacity = load(0, 15, GOOD, "2xx", "capacity")
        rate = capacity * float(percent) / 100
        print(f"capacity, beside its client on this machine: {capacity:.0f} requests a second; load: {rate:.0f}", flush=True)

        def restart_redis(generation):
            if generation % 2:
                store[0].kill()
                store[0].wait()
            else:
                store[0] = redis()

        end = time.monotonic() + seconds
        threads = [threading.Thread(target=load, args=(rate * share, seconds, address, expected, name), daemon=True)
                   for share, address, expected, name in ((0.8, GOOD, "2xx", "load that may pass"),
                                                          (0.2, STRANGER, "4xx", "load that may not"))]
        threads += [threading.Thread(target=slow_client, daemon=True) for _ in range(100)]
        threads += [threading.Thread(target=caller, args=("who may pass", GOOD, 200), daemon=True),
                    threading.Thread(target=caller, args=("who may not", STRANGER, 403), daemon=True)]
        threads += [every(10, policy), every(30, key), every(45, feed), every(10, restart_redis)]
        [t.start() for t in threads]
        samples = []
        for part in range(1, 6):
            time.sleep(max(0, end - time.monotonic() - seconds * (5 - part) / 5))
            if server.poll() is not None:
                raise SystemExit(f"soak: the server has ended with {server.returncode}")
            samples.append((part, heap(server.pid), resident(server.pid)))
        over.set()
        [t.join(15) for t in threads]

        status, body = ask(http.client.HTTPConnection("127.0.0.1", management, timeout=5), "/q/metrics", GOOD)
        figures = dict(re.findall(r"^(postern_[a-z_]+(?:\{[^}]*\})?) ([0-9.E+-]+)$", body.decode(), re.MULTILINE))
        server.send_signal(signal.SIGTERM)
        ended = server.wait(30)
    finally:
        over.set()
        if server.poll() is None:
            server.kill()
        store[0].kill()

    for name, least in (("postern_policy_loads_total", seconds / 20), ("postern_policy_rejections_total", seconds / 120)):
        if float(figures.get(name, 0)) < least:
            violation(f"{name} is {figures.get(name)}: the policy did not change as it should have")
    for name, column in (("heap after a collection", 1), ("resident memory", 2)):
        first, last = samples[1][column], samples[-1][column]
        if last > first * 1.1 + 8:
            violation(f"{name} grew from {first:.0f} to {last:.0f} MiB")
    if min(used for _, used, _ in samples) < 1:
        violation("the heap cannot be read")
    if ended not in (0, 143):
        violation(f"the server ended with {ended}")

    print("\n| at | heap after a collection, MiB | resident, MiB |\n|---|---|---|")
    for part, used, rss in samples:
        print(f"| {part * seconds / 5 / 60:.1f} min | {used:.1f} | {rss:.0f} |")
    print("\n| what | how many |\n|---|---|")
    for what, number in sorted(counts.items()):
        print(f"| {what} | {number} |")
    for name in sorted(figures):
        if re.match(r"postern_(policy_loads|policy_rejections|overload|redis_rounds|audit_lost|tokens_faults)", name):
            print(f"| `{name}` | {figures[name]} |")
    times.sort()
    print(f"| slowest, 99 %, half of those beside the load, ms | {times[-1] * 1000:.0f}, {times[len(times) * 99 // 100] * 1000:.0f}, "
          f"{times[len(times) // 2] * 1000:.1f} |")
    with open(os.path.join(target, "soak.tsv"), "w") as out:
        for part, used, rss in samples:
            out.write(f"{part * seconds / 5 / 60:.1f} min\t{rss:.0f}\n")
    print(f"\n{len(wrong)} violations")
    for text in wrong[:20]:
        print("  " + text)
    return 1 if wrong else 0


sys.exit(run())
