"""The codes of problems with how a file is written: RC0 files, RC1 YAML, RC2 shapes and values.

One declaration a code; docs/problems.md is generated from them and a test makes every one of them
happen.
"""

from typing import Final

from controller.config.problems import Code

NOT_UTF8: Final = Code(
    "RC001",
    "The file is not UTF-8",
    "Every file is read as UTF-8 and nothing is guessed. Save the file as UTF-8 in your editor.",
)
BYTE_ORDER_MARK: Final = Code(
    "RC002",
    "The file starts with a byte order mark",
    "Readers disagree on whether the mark belongs to the first key. Save the file as UTF-8 "
    "without BOM.",
)
FORBIDDEN_CHARACTER: Final = Code(
    "RC003",
    "A character that must not be in a reviewed file",
    "Control characters, NUL, lone surrogates, unusual line breaks and characters that change "
    "the direction of text make a file look different from what it says, or cannot be stored in "
    "PostgreSQL. Remove the character.",
)
FILE_TOO_LARGE: Final = Code(
    "RC004",
    "The file is too large",
    "A file may hold 1 MiB. A rollout that names that many merchants one by one wants a "
    "percentage.",
)
UNREADABLE_FILE: Final = Code(
    "RC005",
    "The file cannot be read",
    "The operating system refused. An unreadable file is never taken for an absent one, so "
    "nothing is applied.",
)
NOT_A_REGULAR_FILE: Final = Code(
    "RC006",
    "A symbolic link or a special file",
    "What is reviewed must be what is read. A link can point outside the repository, so put the "
    "file itself here.",
)
FOLDER_MISSING: Final = Code(
    "RC007",
    "A folder is missing",
    "A missing `flags/` or `rollout/` folder looks like the wrong working directory or a broken "
    "checkout. It is never taken for 'nothing is desired'. A repository without flags keeps its "
    "folder with a `.gitkeep` file.",
)
UNEXPECTED_FILE: Final = Code(
    "RC008",
    "A file that nobody would read",
    "A file with another ending, in another folder or with an odd name would be skipped "
    "silently, and a flag that is skipped is a flag that is removed. Rename or move it. Files "
    "that start with a dot and `*.md` are left alone.",
)
MORE_PROBLEMS: Final = Code(
    "RC009",
    "More problems than are shown",
    "Only the first 50 problems of one file are listed. Mend those and run again.",
)
TOO_MANY_FILES: Final = Code(
    "RC010",
    "Too many files",
    "A repository may hold 20,000 configuration files. More looks like the wrong folder.",
)

YAML_SYNTAX: Final = Code(
    "RC101",
    "Not YAML",
    "The file cannot be read any further than this place. The suggestion names the usual cause.",
)
EMPTY_FILE: Final = Code(
    "RC102",
    "The file is empty",
    "An empty file says nothing, and nothing is never guessed. Fill it, or remove it in a "
    "reviewed change.",
)
SEVERAL_DOCUMENTS: Final = Code(
    "RC103",
    "More than one document in a file",
    "Many tools read only the first. Put one document into each file and remove the `---` "
    "between them.",
)
DUPLICATE_KEY: Final = Code(
    "RC104",
    "A key is written twice",
    "Most readers silently take the last one, so a reviewer sees a value that does not count. "
    "Keep one of them.",
)
ANCHOR_OR_ALIAS: Final = Code(
    "RC105",
    "An anchor or an alias",
    "`&name` and `*name` make a line mean what another line says, and can blow a small file up. "
    "Write the value out. Text that starts with `&` or `*` needs quotes.",
)
TAG: Final = Code(
    "RC106",
    "A YAML tag",
    "Tags such as `!!str` change what a value is. The type of every value is known here. Text "
    "that starts with `!` needs quotes.",
)
MERGE_KEY: Final = Code(
    "RC107",
    "A merge key",
    "`<<` copies keys from elsewhere, where a reviewer does not see them. Write the keys out.",
)
KEY_NOT_TEXT: Final = Code(
    "RC108",
    "A key that is not text",
    "Keys are plain words. A list, a mapping or nothing at all cannot be one. A `:` too many is "
    "the usual cause.",
)
TOO_DEEP: Final = Code(
    "RC109",
    "Nested too deeply",
    "No file needs more than 32 levels.",
)
TOO_MANY_VALUES: Final = Code(
    "RC110",
    "Too many values in one file",
    "A file may hold 50,000 keys and values together.",
)
DIRECTIVE: Final = Code(
    "RC111",
    "A YAML directive, or a line that starts with `%`",
    "`%YAML` and `%TAG` change how the rest is read. Remove the line. Text that starts with `%` "
    "needs quotes.",
)
NOT_A_MAPPING: Final = Code(
    "RC112",
    "The file is not a mapping",
    "Every file is a list of `key: value` lines at its outermost level.",
)
CONFLICT_MARKER: Final = Code(
    "RC113",
    "A merge conflict that was not resolved",
    "Git left both sides in the file, between lines of seven `<`, `=` and `>`. Keep the lines that "
    "are meant, remove the others and the markers, then commit.",
)

MISSING_KEY: Final = Code(
    "RC201",
    "A key is missing",
    "The key has no default. docs/files.md says what belongs there.",
)
UNKNOWN_KEY: Final = Code(
    "RC202",
    "An unknown key",
    "A key that nobody reads is a misspelt intention. The suggestion names what was probably "
    "meant.",
)
MAPPING_EXPECTED: Final = Code(
    "RC203",
    "A mapping is expected",
    "Here belong `key: value` pairs, either indented on the next lines or in `{braces}`.",
)
LIST_EXPECTED: Final = Code(
    "RC204",
    "A list is expected",
    "Here belongs a list, either as `- item` lines or in `[brackets]`, even for one item.",
)
TEXT_EXPECTED: Final = Code(
    "RC205",
    "A single value is expected",
    "Here belongs one value, not a list or a mapping.",
)
NO_VALUE: Final = Code(
    "RC206",
    "A key without a value",
    "Nothing, `~` and `null` are never values: leaving a key empty looks the same as forgetting "
    "it. Write a value, or remove the line to get the default. Text that reads `null` needs "
    "quotes.",
)
NOT_ALLOWED_TEXT: Final = Code(
    "RC207",
    "Characters that are not allowed here",
    "Names come from small alphabets, so that they are the same in YAML, SQL, shells and web "
    "addresses.",
)
NOT_A_CHOICE: Final = Code(
    "RC208",
    "Not one of the allowed words",
    "Only a few words are possible here; the message lists them.",
)
NOT_A_SWITCH: Final = Code(
    "RC209",
    "Neither true nor false",
    "Exactly `true` or `false`, without quotes. `yes`, `on`, `1` and `True` mean different "
    "things to different readers.",
)
NOT_A_NUMBER: Final = Code(
    "RC210",
    "Not a number of the expected kind",
    "Numbers are written in plain decimal digits: no quotes, no `_`, no leading zeros, no "
    "exponent.",
)
OUT_OF_RANGE: Final = Code(
    "RC211",
    "A number outside its range",
    "The value is a number, but not one that makes sense here.",
)
NOT_A_DURATION: Final = Code(
    "RC212",
    "Not a duration",
    "A whole number and one of `s`, `m`, `h`, `d`: `90s`, `10m`, `36h`, `2d`. At most 3650d.",
)
NOT_A_PERCENTAGE: Final = Code(
    "RC213",
    "Not a percentage",
    "`10`, `10%` or `12.5%`, with at most two decimals.",
)
NOT_A_DATE: Final = Code(
    "RC214",
    "Not a date",
    "A day that exists, as year-month-day: `2027-01-31`.",
)
NOT_AN_INSTANT: Final = Code(
    "RC215",
    "Not a moment in time",
    "A date, a time and a zone: `2026-12-20T00:00:00Z` or `2026-12-20T01:00:00+01:00`. Without a"
    " zone it would mean another moment on another machine.",
)
SECRET_IN_FILE: Final = Code(
    "RC216",
    "A value where the name of a variable belongs",
    "Connection strings and tokens never stand in files. Write the name of the process's "
    "variable that holds it, such as `DATABASE_URL`. If this was a real secret, change it: it is"
    " in git now.",
)
NOT_EXACTLY_ONE: Final = Code(
    "RC217",
    "Exactly one of several keys is needed",
    "The keys exclude each other, and one of them must be there.",
)
DUPLICATE_ITEM: Final = Code(
    "RC218",
    "An item is listed twice",
    "The second one does nothing. It may be a typing error for another one.",
)
EMPTY_LIST: Final = Code(
    "RC219",
    "An empty list",
    "An empty list turns nobody on, or means nothing at all. List something, or remove the key.",
)
SHOP_DOMAIN: Final = Code(
    "RC220",
    "A shop domain instead of a merchant id",
    "Files name merchants by `Merchant.id`, which never changes; shop domains do. `rolloutctl "
    "explain SHOP_DOMAIN` prints the id.",
)
TEXT_TOO_LONG: Final = Code(
    "RC221",
    "Text that is empty, too long or on several lines",
    "Descriptions, reasons and names are shown in tables and statuses: one line, of bounded "
    "length.",
)
NAME_MISMATCH: Final = Code(
    "RC222",
    "The file's name is not the name inside it",
    "A file is called after what it defines, so that a newcomer finds it and two files never "
    "define the same thing.",
)
