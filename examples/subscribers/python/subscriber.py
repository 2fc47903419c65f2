"""Prints each of Gantry's events once, and says when one is missing.

pip install confluent-kafka; KAFKA_BOOTSTRAP_SERVERS and GANTRY_EVENTS_TOPIC say where.
"""
import os
import sys


def place(last, subject, sequence):
    """'seen', 'next' or 'missing'; remembers in `last` how far each subject has come."""
    before = last.get(subject, 0)
    if sequence <= before:
        return "seen"
    last[subject] = sequence
    return "next" if sequence == before + 1 else "missing"


def main():
    from confluent_kafka import Consumer

    consumer = Consumer({
        "bootstrap.servers": os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
        "group.id": "example-subscriber",
        "auto.offset.reset": "earliest",
    })
    consumer.subscribe([os.environ.get("GANTRY_EVENTS_TOPIC", "gantry.events")])
    last = {}
    while True:
        record = consumer.poll(1.0)
        if record is None:
            continue
        if record.error():
            print(record.error(), file=sys.stderr)
            continue
        headers = {name: value.decode() for name, value in record.headers()}
        subject, sequence = headers["ce_subject"], int(headers["ce_sequence"])
        found = place(last, subject, sequence)
        if found == "missing":
            print(f"{subject}: events before {sequence} are missing", file=sys.stderr)
        if found != "seen":
            print(headers["ce_type"], record.value().decode(), flush=True)


if __name__ == "__main__":
    main()
