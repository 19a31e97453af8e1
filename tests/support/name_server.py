# SPDX-License-Identifier: Apache-2.0
"""A name server for tests: python3 -B name_server.py ADDRESS NAME

Answers on UDP port 53 of ADDRESS, as the one in a container's network does: the address of NAME is
127.0.0.1, it has no IPv6 address, and there are no other names (RFC 1035).
"""

import socket
import struct
import sys

TYPE_A = 1
CLASS_IN = 1
NAME_ERROR = 3


def question_of(query):
    """The name in the question, its type, and the bytes of the question."""
    labels = []
    at = 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode().lower())
        at += 1 + query[at]
    (kind,) = struct.unpack_from("!H", query, at + 1)
    return ".".join(labels), kind, query[12 : at + 5]


def answer_to(query, known):
    name, kind, question = question_of(query)
    code = 0 if name == known else NAME_ERROR
    answers = 1 if name == known and kind == TYPE_A else 0
    # An answer, recursion was asked for and is available.
    head = struct.pack("!2sHHHHH", query[:2], 0x8180 | code, 1, answers, 0, 0)
    # 0xC00C refers to the name in the question.
    record = struct.pack("!HHHIH", 0xC00C, TYPE_A, CLASS_IN, 60, 4) + bytes((127, 0, 0, 1))
    return head + question + record * answers


def main(address, known):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))
        print("ready", flush=True)
        while True:
            query, client = server.recvfrom(512)
            server.sendto(answer_to(query, known), client)


if __name__ == "__main__":
    main(*sys.argv[1:])
