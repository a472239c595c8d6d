"""docs/files.md names every key, and what it promises about writing is true."""

import re

from controller.config import text_reader, yaml_reader
from controller.config.file_reference import reference
from controller.config.layout import Kind
from controller.config.model_schema import schema_of


def keys_of(schema):
    for model in [schema, *schema.get("$defs", {}).values(), *schema.get("oneOf", [])]:
        yield from model.get("properties", {})


def test_every_key_has_a_row():
    text = reference()
    for kind in Kind:
        if kind is not Kind.RULE:
            for key in keys_of(schema_of(kind)):
                assert f"| `{key}` |" in text, key


def test_no_heading_stands_twice_in_a_chapter():
    for chapter in reference().split("\n## ")[1:]:
        headings = re.findall(r"^### .*", chapter, re.MULTILINE)
        assert len(headings) == len(set(headings))


def test_the_limits_are_the_real_ones():
    assert "1 MiB, 32 levels and 50,000 values" in " ".join(reference().split())
    limits = (text_reader.MAX_BYTES, yaml_reader.MAX_DEPTH, yaml_reader.MAX_VALUES)
    assert limits == (1 << 20, 32, 50_000)


def test_tables_are_well_formed():
    for line in reference().splitlines():
        if line.startswith("|"):
            assert line.endswith("|")
            assert line.count("|") in {3, 4, 5}, line
