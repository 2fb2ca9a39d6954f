"""Names of files that do not change with build, host, user, release folder or asset hash."""

from __future__ import annotations

from signal_pipeline.stack_traces.linear_pattern import linear

_SCHEME = linear(r"^(?:[a-z][0-9a-z+.\-]*:(?://)?)+[^/\\]*")
_AFTER_PACKAGES = linear(
    r"^.*[/\\](?:site-packages|dist-packages|node_modules|gems|vendor|lib[/\\]python[0-9.]*"
    r"|lib[/\\]ruby[/\\][0-9.]+|pkg[/\\]mod|src[/\\]main[/\\][a-z]+)[/\\]"
)
_VERSION = r"v?[0-9]+(?:[._\-][0-9]+)*(?:[._\-]?(?:rc|beta|alpha|dev|post)[0-9.]*)?"
_UNSTABLE_FOLDER = linear(
    rf"^(?:{_VERSION}|[0-9a-f]{{7,64}}|[0-9a-f]{{8}}-[0-9a-f\-]{{27}}|tmp[0-9A-Za-z_.\-]*"
    rf"|[0-9A-Za-z_\-]*[0-9]{{6,}}[0-9A-Za-z_\-]*|s~.*|~.*|\.{{1,2}}|)$"
)
_ROOT_FOLDERS = frozenset(
    [
        "home",
        "root",
        "users",
        "srv",
        "opt",
        "app",
        "apps",
        "usr",
        "var",
        "www",
        "html",
        "task",
        "workspace",
        "workspaces",
        "builds",
        "build",
        "src",
        "code",
        "data",
        "base",
        "tmp",
        "private",
        "work",
        "project",
        "projects",
        "repo",
        "repos",
        "releases",
        "current",
        "deploy",
        "mnt",
        "c:",
        "d:",
        "volumes",
        "runner",
        "site",
        "wwwroot",
        "go",
        "lib",
    ]
)
_HEX = linear(r"^[0-9a-f]{6,64}$")


def file_name(file: str) -> str:
    """Last part of a path or URL without query, fragment and asset hash: `app.3f2a1b.js` is `app.js`."""
    path = _SCHEME.sub("", file.split("?", 1)[0].split("#", 1)[0])
    return drop_asset_hash(path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]) or "<page>"


def _is_hash(part: str) -> bool:
    if not any(char.isdigit() for char in part):
        return False
    if _HEX.match(part):
        return True
    return len(part) in (8, 10, 12, 16, 20) and any(c.isupper() for c in part) and any(c.islower() for c in part)


def drop_asset_hash(name: str) -> str:
    """Remove what bundlers put between name and ending: hex digests and mixed-case base-62 of fixed length."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name
    for separator in (".", "-", "_", "~"):
        parts = stem.split(separator)
        kept = parts[:1] + [part for part in parts[1:] if not _is_hash(part)]
        stem = separator.join(kept)
    if _is_hash(stem):
        stem = "<hash>"
    return f"{stem}.{ending}"


def stable_path(file: str, keep: int = 2) -> str:
    """The last `keep` telling parts of a path: without roots, users, versions, hashes and temporary folders."""
    path = _AFTER_PACKAGES.sub("", _SCHEME.sub("", file.split("?", 1)[0])).replace("\\", "/")
    *folders, name = path.split("/")
    if folders and folders[0] == "" and len(folders) > 2 and folders[1].lower() in ("home", "users"):
        folders = folders[3:]
    telling = [
        folder for folder in folders if not _UNSTABLE_FOLDER.match(folder) and folder.lower() not in _ROOT_FOLDERS
    ]
    return "/".join([*telling[-(keep - 1) :], drop_asset_hash(name)])


def python_module(file: str) -> str:
    """Dotted module of a Python file, from its last two telling path parts."""
    if file.startswith("<"):
        return file
    path = stable_path(file)
    for ending in (".py", ".pyc", ".pyx", ".pyw"):
        path = path.removesuffix(ending)
    return path.removesuffix("/__init__").replace("/", ".")
