"""What the native part and its types promise each other."""

from __future__ import annotations

import inspect
import typing
from pathlib import Path

import onrecord
from conftest import ROOT
from onrecord import _types


def names(kind: str) -> set[str]:
    """Returns the names that an enum of the wire format has, from the source."""
    source = (ROOT / "crates" / "text" / "src" / "wire.rs").read_text(encoding="utf-8")
    body = source.split("\nnames! {", 1)[1].split(f"    {kind} {{", 1)[1].split("}", 1)[0]
    return {part.split('"')[1] for part in body.splitlines() if "=" in part}


def test_literals_are_the_names_of_the_wire_format() -> None:
    for kind, literal in {
        "BlockKind": _types.BlockKind,
        "StatementKind": _types.StatementKind,
        "Act": _types.Act,
        "Status": _types.Status,
        "EntityKind": _types.EntityKind,
        "SpeakerKind": _types.SpeakerKind,
        "NoticeKind": _types.NoticeKind,
        "EventType": _types.EventType,
        "EventStatus": _types.EventStatus,
    }.items():
        # Records of early versions have an empty act and status.
        assert names(kind) == set(typing.get_args(literal)) - {""}, kind


def test_everything_public_is_documented() -> None:
    for name in onrecord.__all__:
        value = getattr(onrecord, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert value.__doc__, name
    assert Path(onrecord.__file__ or "").with_name("py.typed").exists()
