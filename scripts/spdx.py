#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the SPDX 2.3 document of a release: the packages that the static binary is made of.

The packages are not listed by hand. They are those that own the headers that the compiler read
(Ninja records them) and the libraries on the linker's command line. A package whose licence is not
in the table below is an error, so that nothing gets into the binary unnoticed.

    scripts/spdx.py BUILD_FOLDER VERSION SHA256_OF_BINARY [ROOT] > weir.spdx.json

SOURCE_DATE_EPOCH is its date. ROOT is the one that the binary was compiled against, if that was not
this machine's own.
"""

import datetime
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Licences by Debian's source package. They are those of the files that are compiled or linked in,
# not of the whole package.
LICENCES = {
    "boost1.81": "BSL-1.0",
    "c-ares": "MIT",
    "cli11": "BSD-3-Clause",
    # Headers of the C library and of Linux.
    "cross-toolchain-base": "LGPL-2.1-or-later AND GPL-2.0-only WITH Linux-syscall-note",
    "fmtlib": "MIT",
    "gcc-12": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "gcc-12-cross": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "glibc": "LGPL-2.1-or-later",
    "libdeflate": "MIT",
    "linux": "GPL-2.0-only WITH Linux-syscall-note",
    "minizip": "Zlib",
    "nettle": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "nlohmann-json3": "MIT",
    "openssl": "Apache-2.0",
    "rapidjson": "MIT",
    "spdlog": "MIT",
    "xxhash": "BSD-2-Clause",
    "zlib": "Zlib",
}

# Sources whose licences ask for no text in a binary, or that cmake/Licenses.cmake has by another name.
WITHOUT_TEXT = {"boost1.81", "linux", "cross-toolchain-base", "gcc-12-cross"}


def lines_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def files_of(build):
    """The headers that were read and the libraries that were linked, except the project's own."""
    found = {line.strip() for line in lines_of("ninja", "-C", build, "-t", "deps")}
    [*_, link] = lines_of("ninja", "-C", build, "-t", "commands", "weir")
    words = link.split()
    found |= set(words)
    # The libraries that the compiler adds by itself.
    [compiler, *_] = [word for word in words if word.endswith(("g++", "c++"))]
    places = [word for word in words if word.startswith(("--sysroot=", "-B"))]
    for library in ("libc.a", "libstdc++.a", "libgcc.a"):
        found |= set(lines_of(compiler, *places, f"-print-file-name={library}"))
    real = {os.path.realpath(name) for name in found if name.startswith("/") and "." in name}
    return sorted(name for name in real if os.path.isfile(name))


def check_texts(described):
    """Ends the script unless the binary has the licences of each source, by one of its packages."""
    texts = (ROOT / "cmake/Licenses.cmake").read_text()
    sources = {source for source, _, _ in described} - WITHOUT_TEXT
    there = {source for source, _, package in described if f"\n  {package}\n" in texts}
    if sources - there:
        sys.exit(f"cmake/Licenses.cmake lacks a package of {', '.join(sorted(sources - there))}")


def packages_of(files, root):
    """{(source package, version)} of the Debian packages that own those of the files that are of
    Debian, in `root` or, without it, on this machine."""
    known = f"--admindir={root}/var/lib/dpkg"
    owned = [name.removeprefix(root) for name in files if name.startswith(f"{root}/usr/")]
    packages = set()
    for line in lines_of("dpkg-query", known, "-S", *owned):
        owners, _, _ = line.rpartition(": ")
        packages |= {
            owner.strip() for owner in owners.split(",") if not owner.startswith("diversion")
        }
    shown = "${source:Package} ${source:Version} ${Package}\n"
    described = [
        line.split() for line in lines_of("dpkg-query", known, "-W", "-f", shown, *packages)
    ]
    check_texts(described)
    return {(source, release) for source, release, _ in described}


def document(version, digest, packages):
    moment = int(os.environ["SOURCE_DATE_EPOCH"])
    created = datetime.datetime.fromtimestamp(moment, datetime.UTC)
    unknown = sorted({name for name, _ in packages} - LICENCES.keys())
    if unknown:
        sys.exit(f"scripts/spdx.py knows no licence of {', '.join(unknown)}")
    parts = [
        {
            "SPDXID": f"SPDXRef-{name.replace('.', '-')}",
            "name": name,
            "versionInfo": release,
            "supplier": "Organization: Debian",
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "licenseConcluded": LICENCES[name],
            "licenseDeclared": LICENCES[name],
            "copyrightText": "NOASSERTION",
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": f"pkg:deb/debian/{name}@{release}?arch=source",
                }
            ],
        }
        for name, release in sorted(packages)
    ]
    weir = {
        "SPDXID": "SPDXRef-weir",
        "name": "weir",
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "Apache-2.0",
        "licenseDeclared": "Apache-2.0",
        "copyrightText": "NOASSERTION",
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
    }
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-weir")]
    relations += [("SPDXRef-weir", "STATIC_LINK", part["SPDXID"]) for part in parts]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"weir-{version}",
        "documentNamespace": f"urn:weir:spdx:{version}:{digest}",
        "creationInfo": {
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: scripts/spdx.py"],
        },
        "packages": [weir, *parts],
        "relationships": [
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
            for one, kind, other in relations
        ],
    }


def main():
    build, version, digest, *root = sys.argv[1:]
    files = files_of(str(pathlib.Path(build).resolve()))
    packages = packages_of(files, "")
    if root:
        packages |= packages_of(files, str(pathlib.Path(*root).resolve()))
    json.dump(document(version, digest, packages), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
