"""For every problem code, changes to a good repository that bring it up.

Each leads to the code it is listed under and to nothing else; test_codes.py names the exceptions.
"""

from collections.abc import Mapping

from tests.config.repository import FLAG, GATE, RULE, WAIVER, Change

CHECKOUT = "flags/checkout.yaml"
BANNER = "flags/banner.yaml"
LADDER = "rollout/checkout.yaml"
RAMP = "rollout/gates/ramp.yaml"
DEMO = "rollout/environments/demo.yaml"
PRODUCTION = "rollout/environments/production.yaml"
SHOP_DOWN = "rollout/waivers/shop-down.yaml"
OWNER = "rollout/rules/owner.json"

_PHASES = "  - {name: 100%, percent: 100}\n"
_NAMES = ("{name: 10%, percent: 10,", "{name: 10%, merchants: [clx011],")
_SEQUENTIAL = "method: sequential\n"
_ON = {CHECKOUT: ("global: false", "global: true")}

EXAMPLES: Mapping[str, Mapping[str, Mapping[str, Change]]] = {
    "RC001": {
        "Latin-1": {CHECKOUT: FLAG.replace("A new", "Mötley").encode("latin-1")},
        "UTF-16": {SHOP_DOWN: WAIVER.encode("utf-16-be")},
    },
    "RC002": {"a mark": {CHECKOUT: b"\xef\xbb\xbf" + FLAG.encode()}},
    "RC003": {
        "a bell": {CHECKOUT: ("A new", "A\a new")},
        "text that runs backwards": {CHECKOUT: ("A new", "A \u202enew")},
        "an escaped NUL": {CHECKOUT: ("A new checkout.", r'"A \0"')},
        "a return alone": {CHECKOUT: ("key: checkout\n", "key: checkout\rx: 1\n")},
    },
    "RC004": {"a long comment": {CHECKOUT: FLAG + "#" * (1 << 20)}},
    "RC007": {
        "no flags": {CHECKOUT: None, BANNER: None, LADDER: None, RAMP: None, SHOP_DOWN: None},
    },
    "RC008": {
        "another ending": {"flags/more.yml": "key: more\n"},
        "a folder that nobody reads": {"flags/team/more.yaml": "key: more\n"},
        "an odd name": {"flags/more and more.yaml": "key: more\n"},
        "a rule that is no JSON": {"rollout/rules/more.yaml": "a: b\n"},
    },
    "RC009": {"sixty typing errors": {CHECKOUT: FLAG + "".join(f"x{i}: 1\n" for i in range(60))}},
    "RC101": {
        "a quote left open": {CHECKOUT: ('"@acme/orders"', '"@acme/orders')},
        "an at sign": {CHECKOUT: ('"@acme/orders"', "@acme/orders")},
        "a colon in text": {CHECKOUT: ("A new checkout.", "new: a checkout")},
        "a tab": {CHECKOUT: ("key: checkout", "\tkey: checkout")},
        "a bracket left open": {CHECKOUT: ("[production]", "[production")},
        "another indentation": {CHECKOUT: ("description:", "  description:")},
    },
    "RC102": {"nothing": {SHOP_DOWN: ""}, "a comment": {SHOP_DOWN: "# later\n"}},
    "RC103": {"two waivers": {SHOP_DOWN: f"{WAIVER}---\n{WAIVER}"}},
    "RC104": {
        "at the top": {CHECKOUT: ("global: false", "global: false\nglobal: false")},
        "inside": {CHECKOUT: ("{variable:", "{variable: OTHER, variable:")},
    },
    "RC105": {
        "an anchor": {CHECKOUT: ("A new", "&a A new")},
        "an alias": {CHECKOUT: ('"@acme/orders"', "*team")},
    },
    "RC106": {"a tag": {CHECKOUT: ("A new", "!!str A new")}},
    "RC107": {"a merge key": {CHECKOUT: ("{variable:", "{<<: {disabled: x}, variable:")}},
    "RC108": {"a list": {CHECKOUT: ("global: false", "global: false\n? [a]\n: b")}},
    "RC109": {"a tower": {CHECKOUT: ("[production]", "[" * 40 + "]" * 40)}},
    "RC110": {"a crowd": {CHECKOUT: ("[production]", "[" + "a," * 60_000 + "]")}},
    "RC111": {"a directive": {CHECKOUT: f"%YAML 1.2\n---\n{FLAG}"}},
    "RC112": {"a list": {SHOP_DOWN: "- flag: checkout\n"}},
    "RC113": {
        "both sides": {
            LADDER: (
                "phase: {demo: 10%, production: off}\n",
                "<<<<<<< HEAD\nphase: off\n||||||| 1a2b\nphase: 1\n=======\nphase: 2\n>>>>>>> a\n",
            )
        },
        "one line forgotten": {CHECKOUT: ("global: false", ">>>>>>> promote\nglobal: false")},
        "other line ends": {BANNER: ("owner", "=======\r\nowner")},
    },
    "RC201": {
        "at the top": {CHECKOUT: ("key: checkout\n", "")},
        "inside": {CHECKOUT: (", reason: custom integration", "")},
        "in a criterion": {RAMP: ("completed: {target: 95%, ", "completed: {")},
    },
    "RC202": {
        "at the top": {CHECKOUT: ("global:", "globel: x\nglobal:")},
        "inside": {LADDER: ("soak: 2d", "soaking: 2d")},
        "in the options of Vercel": {PRODUCTION: ("team_id: team_1", "team_id: team_1, reploy: x")},
        "far from any key": {CHECKOUT: ("global:", "zzzzzz: x\nglobal:")},
    },
    "RC203": {"text": {CHECKOUT: ("{column: enableCheckout}", "enableCheckout")}},
    "RC204": {"text": {CHECKOUT: ("[production]", "production")}},
    "RC205": {
        "a list": {CHECKOUT: ("A new checkout.", "[A new checkout.]")},
        "a mapping": {CHECKOUT: ("A new checkout.", "{a: b}")},
    },
    "RC206": {
        "nothing": {CHECKOUT: ("A new checkout.", "")},
        "null": {CHECKOUT: ("expires: 2027-06-30", "expires: null")},
        "no mapping": {CHECKOUT: ("{column: enableCheckout}", "~")},
        "no list": {CHECKOUT: ("[production]", "")},
    },
    "RC207": {
        "a column": {CHECKOUT: ("enableCheckout", "enable-checkout")},
        "a variable": {CHECKOUT: ("CHECKOUT,", "checkout,")},
        "a merchant": {CHECKOUT: ("clx001", "clx 001")},
        "a phase called off": {LADDER: ("name: pilot", "name: off")},
        "a key of a mapping": {DEMO: ("margin_kept:", "margin_kept: {sql: SELECT 1}\n    Margin:")},
    },
    "RC208": {
        "close": {DEMO: ("schema: managed", "schema: manage")},
        "far": {RAMP: ("mode: inform", "mode: x")},
        "a method": {RAMP: ("method: sequential", "method: fisher")},
        "no method": {RAMP: ("method: sequential\n", "")},
    },
    "RC209": {
        "yes": {CHECKOUT: ("global: false", "global: no")},
        "in quotes": {CHECKOUT: ("global: false", 'global: "false"')},
        "in capitals": {CHECKOUT: ("global: false", "global: False")},
    },
    "RC210": {
        "octal": {RAMP: ("soak_min: 24h", "min_runs: 010")},
        "words": {RAMP: ("soak_min: 24h", "min_runs: many")},
        "an exponent": {RAMP: ("ratio: 0.5", "ratio: 5e-1")},
        "in quotes": {RAMP: ("ratio: 0.5", 'ratio: "0.5"')},
        "5,000 digits": {RAMP: ("soak_min: 24h", f"min_runs: {'9' * 5000}")},
    },
    "RC211": {
        "no run": {RAMP: ("soak_min: 24h", "min_runs: 0")},
        "another bucketing": {LADDER: ("version: 1", "version: 2")},
        "0%": {LADDER: ("percent: 10,", "percent: 0,")},
        "a floor of 100%": {RAMP: ("target: 95%, floor: 85%", "target: 100%, floor: 100%")},
        "no time": {RAMP: ("within: 10m", "within: 0s")},
        "a large ratio": {RAMP: ("ratio: 0.5", "ratio: 11")},
    },
    "RC212": {
        "a clock": {LADDER: ("soak: 2d", "soak: 12:30")},
        "too long": {LADDER: ("soak: 2d", "soak: 4000d")},
    },
    "RC213": {
        "three decimals": {LADDER: ("percent: 10,", "percent: 12.345,")},
        "too much": {LADDER: ("percent: 10,", "percent: 101,")},
        "a separator": {LADDER: ("percent: 10,", "percent: 1_0,")},
    },
    "RC214": {
        "no such day": {CHECKOUT: ("2027-06-30", "2027-02-30")},
        "another order": {CHECKOUT: ("2027-06-30", "30.06.2027")},
        "far away": {CHECKOUT: ("2027-06-30", "9999-12-31")},
    },
    "RC215": {
        "no zone": {PRODUCTION: ("2026-12-20T00:00:00Z", "2026-12-20T00:00:00")},
        "no time": {PRODUCTION: ("2026-12-20T00:00:00Z", "2026-12-20")},
        "no such hour": {PRODUCTION: ("2026-12-20T00:00:00Z", "2026-12-20T25:00:00Z")},
    },
    "RC216": {
        "a connection string": {
            DEMO: ("schema: managed", "schema: managed, url: postgresql://ann:secret@db/shop")
        },
        "a token": {PRODUCTION: ("team_id: team_1", "team_id: team_1, token: s3cr3tT0ken")},
    },
    "RC217": {
        "both": {LADDER: ("percent: 10,", "percent: 10, merchants: [clx003],")},
        "none": {LADDER: ("{name: 100%, percent: 100}", "{name: 100%}")},
        "both teams": {PRODUCTION: ("team_id: team_1", "team_id: team_1, team_slug: shop")},
        "no team": {PRODUCTION: (", team_id: team_1", "")},
    },
    "RC218": {
        "merchants": {LADDER: ("[clx007, clx008]", "[clx007, clx008, clx007]")},
        "excluded merchants": {LADDER: ("[clx009]", "[clx009, clx009]")},
        "targets": {CHECKOUT: ("[production]", "[production, production]")},
        "measures": {LADDER: ("[shopify_synced,", "[shopify_synced, shopify_synced,")},
        "statuses": {PRODUCTION: ("failed: [failed]", "failed: [failed, failed]")},
    },
    "RC219": {
        "merchants": {LADDER: ("[clx007, clx008]", "[]")},
        "criteria": {RAMP: "method: sequential\ncriteria: {}\n"},
    },
    "RC220": {"a shop": {CHECKOUT: ("clx001", "acme.myshopify.com")}},
    "RC221": {
        "too long": {CHECKOUT: ("A new", "A " + "very " * 60 + "new")},
        "two lines": {CHECKOUT: ("A new checkout.", r'"A new\ncheckout."')},
        "blank": {CHECKOUT: ("A new checkout.", '" "')},
    },
    "RC222": {
        "a flag": {"flags/other.yaml": FLAG.replace("heckout", "art").replace("CHECKOUT", "CART")},
        "a gate": {"rollout/gates/Ramp-2.yaml": GATE},
    },
    "RC301": {"nowhere": {BANNER: ("deploy_env: {variable: BANNER}\n", "")}},
    "RC302": {
        "only a variable": {
            BANNER: (
                "deploy_env:",
                "overrides: [{merchant: a, value: true, reason: b}]\ndeploy_env:",
            )
        }
    },
    "RC303": {
        "only a column": {
            BANNER: ("deploy_env: {variable: BANNER}", "merchant_config: {column: b}\nglobal: true")
        }
    },
    "RC304": {"alike": {CHECKOUT: ('disabled: "0"', 'disabled: "1"')}},
    "RC305": {"two": {CHECKOUT: ("merchant: clx002", "merchant: clx001")}},
    "RC306": {
        "off although on": {
            **_ON,
            LADDER: ("{demo: 10%, production: off}", "100%"),
        }
    },
    "RC307": {
        "shared": {
            BANNER: ("deploy_env:", "merchant_config: {column: enableCheckout}\ndeploy_env:")
        }
    },
    "RC308": {"shared": {BANNER: ("variable: BANNER", "variable: CHECKOUT")}},
    "RC309": {"the key": {CHECKOUT: ("enableCheckout", "updatedAt")}},
    "RC310": {"for ever": {CHECKOUT: ("expires: 2027-06-30\n", "")}},
    "RC311": {"over": {CHECKOUT: ("2027-06-30", "2026-11-22")}},
    "RC312": {"over": {CHECKOUT: ("2026-12-31", "2026-11-22")}},
    "RC401": {
        "alone": {
            "rollout/chekout.yaml": "flag: chekout\nphase: off\nbucketing: {salt: a, version: 1}\n"
            "phases: [{name: pilot, merchants: [a]}]\n"
        }
    },
    "RC402": {
        "only a variable": {
            BANNER: ("deploy_env:", "expires: 2027-01-31\ndeploy_env:"),
            "rollout/banner.yaml": "flag: banner\nphase: off\nbucketing: {salt: a, version: 1}\n"
            "phases: [{name: pilot, merchants: [a]}]\n",
        }
    },
    "RC403": {"two": {LADDER: ("name: 100%", "name: 10%")}},
    "RC404": {
        "falling": {
            LADDER: (
                _PHASES,
                "  - {name: 20%, percent: 20, gate: ramp}\n  - {name: 5%, percent: 5}\n",
            )
        },
        "by name after a share": {LADDER: (_PHASES, "  - {name: last, merchants: [clx003]}\n")},
    },
    "RC405": {
        "the same share": {LADDER: (_PHASES, "  - {name: again, percent: 10.00%}\n")},
        "the same merchants": {
            LADDER: (
                "  - {name: 10%,",
                "  - {name: two, merchants: [clx008], gate: smoke}\n  - {name: 10%,",
            )
        },
    },
    "RC406": {
        "one for all": {LADDER: ("{demo: 10%, production: off}", "15%")},
        "in one environment": {LADDER: ("demo: 10%", "demo: pilto")},
    },
    "RC407": {"unknown": {LADDER: ("production: off", "production: off, prod: off")}},
    "RC408": {"left out": {LADDER: ("demo: 10%, ", "")}},
    "RC409": {
        "too early": {
            CHECKOUT: FLAG.replace("global: false", "global: true").replace(
                "value: false", "value: true"
            )
        }
    },
    "RC410": {"ungated": {LADDER: (_PHASES, "  - {name: 20%, percent: 20}\n" + _PHASES)}},
    "RC411": {"named": {LADDER: ("[clx007, clx008]", "[clx007, clx002]")}},
    "RC501": {
        "misspelt": {
            LADDER: (
                "soak: 2d, gate: ramp}",
                "soak: 2d, gate: rampe}\n  - {name: 11%, percent: 11, gate: ramp}",
            )
        }
    },
    "RC502": {"twice": {LADDER: ("  smoke:\n", "  ramp: {method: deterministic}\n  smoke:\n")}},
    "RC503": {
        "of one rollout": {LADDER: ("  smoke:\n", "  spare: {method: deterministic}\n  smoke:\n")},
        "shared": {"rollout/gates/spare.yaml": "method: deterministic\n"},
    },
    "RC504": {
        "misspelt": {
            RAMP: ("  completed: {", "  complete: {target: 95%, floor: 85%}\n  completed: {")
        },
        "a count": {RAMP: ("  completed: {", "  stuck: {target: 95%, floor: 85%}\n  completed: {")},
        "in one environment only": {DEMO: ("margin_kept:", "margin_lost:")},
    },
    "RC505": {
        "within": {RAMP: ("within: 10m, ", "")},
        "ratio": {RAMP: ("ratio: 0.5, ", "")},
        "no place for it": {LADDER: ("[shopify_synced,", "[shopify_synced, faster_than_baseline,")},
    },
    "RC506": {
        "within": {RAMP: ("completed: {", "completed: {within: 10m, ")},
        "ratio": {RAMP: ("within: 10m,", "within: 10m, ratio: 0.5,")},
    },
    "RC507": {"above": {RAMP: ("target: 95%, floor: 85%", "target: 85%, floor: 95%")}},
    "RC508": {"elsewhere": {RAMP: ("criterion: completed", "criterion: complete")}},
    "RC509": {
        "durations": {
            LADDER: (
                "method: deterministic",
                "method: deterministic\n    duration: {proceed: 30m, fix_minor: 20m}",
            )
        },
        "deadline": {
            LADDER: ("method: deterministic", "method: deterministic\n    outcome_deadline: 20m")
        },
        "within": {RAMP: ("within: 10m", "within: 40m")},
        "a phase's soak": {LADDER: ("soak: 2d", "soak: 14d")},
        "wait": {RAMP: ("soak_min: 24h", "soak_min: 15d")},
        "a deadline after the wait": {RAMP: ("soak_min: 24h", "outcome_deadline: 14d")},
    },
    "RC510": {
        "all inform": {
            RAMP: "method: sequential\n"
            "criteria: {completed: {target: 95%, floor: 85%, mode: inform}}\n"
        }
    },
    "RC511": {
        "failed": {LADDER: ("method: deterministic", "method: deterministic\n    never: [failed]")}
    },
    "RC512": {"99.99%": {RAMP: ("target: 95%, floor: 85%", "target: 100%, floor: 99.99%")}},
    "RC513": {
        "too few runs": {LADDER: _NAMES, RAMP: ("soak_min: 24h", "min_runs: 10")},
        "too few to begin with": {
            LADDER: _NAMES,
            RAMP: GATE.replace("85%", "50%").replace("soak_min: 24h", "min_runs: 21"),
        },
        "too few merchants": {LADDER: _NAMES, RAMP: ("soak_min: 24h", "min_merchants: 5")},
    },
    "RC514": {
        "99.5% of a tenth": {RAMP: ("target: 95%, floor: 85%", "target: 99.9%, floor: 99.5%")}
    },
    "RC515": {
        "anything": {RAMP: _SEQUENTIAL + "criteria: {completed: {target: 15%, floor: 5%}}\n"},
        "by luck": {
            RAMP: _SEQUENTIAL + "min_runs: 1\nalpha_pass: 0.25\n"
            "criteria: {completed: {target: 21%, floor: 1%}}\n"
        },
    },
    "RC516": {"half": {RAMP: _SEQUENTIAL + "criteria: {completed: {target: 50%, floor: 40%}}\n"}},
    "RC517": {
        "duration": {
            LADDER: (
                "method: deterministic",
                "method: deterministic\n    duration: {proceed: 30m, fix_minor: 30m}",
            )
        },
    },
    "RC601": {
        "of a waiver": {SHOP_DOWN: ("flag: checkout", "flag: chekout")},
        "of an allowance": {PRODUCTION: ("flag: checkout", "flag: chekout")},
    },
    "RC602": {
        "no such phase": {SHOP_DOWN: ("phase: pilot", "phase: pilto")},
        "no gate": {SHOP_DOWN: ("phase: pilot", "phase: 100%")},
    },
    "RC603": {
        "deterministic": {SHOP_DOWN: ("shopify_synced", "shopify_sync")},
        "sequential": {SHOP_DOWN: WAIVER.replace("pilot", "10%")},
    },
    "RC604": {"corruption": {SHOP_DOWN: ("shopify_synced", "corrupted")}},
    "RC605": {
        "of a waiver": {SHOP_DOWN: ("2026-12-01", "2026-11-22")},
        "of an allowance": {PRODUCTION: ("2026-12-01", "2026-11-22")},
    },
    "RC606": {"two": {"rollout/waivers/again.yaml": WAIVER}},
    "RC607": {
        "a column": {PRODUCTION: ("soak_not_over", "missing_schema")},
        "a halt": {PRODUCTION: ("soak_not_over", "halted")},
    },
    "RC701": {
        "nowhere": {DEMO: None, PRODUCTION: None, LADDER: ("{demo: 10%, production: off}", "off")}
    },
    "RC702": {"reversed": {PRODUCTION: ("2026-12-20", "2027-12-20")}},
    "RC703": {
        "no hook": {PRODUCTION: ("team_id: team_1", "team_id: team_1, redeploy: hook")},
        "an idle hook": {PRODUCTION: ("team_id: team_1", "team_id: team_1, deploy_hook: HOOK")},
    },
    "RC704": {"completed": {DEMO: ("margin_kept:", "on_time: {sql: SELECT 1}\n    margin_kept:")}},
    "RC705": {"a deletion": {DEMO: ("SELECT run_id,", "DELETE;")}},
    "RC706": {
        "failed": {PRODUCTION: ("failed: [failed]", "failed: [failed, completed]")},
        "running": {PRODUCTION: ("failed: [failed]", "failed: [failed]\n  running: [failed]")},
    },
    "RC707": {"vercell": {DEMO: ("adapter: dotenv", "adapter: dot_env")}},
    "RC708": {
        "on for everyone": {
            CHECKOUT: FLAG.replace("global: false", "global: true").replace(
                "value: false", "value: true"
            ),
            LADDER: ("{demo: 10%, production: off}", "100%"),
            DEMO: ("deploy_env: {adapter: dotenv, options: {path: .env.demo}}\n", ""),
        }
    },
    "RC801": {
        "no JSON": {OWNER: RULE.replace('"properties"', "properties")},
        "a key twice": {OWNER: '{"x-applies-to": "flags", "x-applies-to": "flags"}'},
        "no object": {OWNER: "[]"},
        "no number": {OWNER: '{"x-applies-to": "flags", "const": NaN}'},
        "about nothing": {OWNER: "{}"},
        "about something else": {OWNER: '{"x-applies-to": "flag"}'},
        "another dialect": {
            OWNER: '{"x-applies-to": "flags", "$schema": "http://json-schema.org/draft-07/schema"}'
        },
        "an address": {OWNER: '{"x-applies-to": "flags", "$ref": "https://example.com/rule.json"}'},
        "no schema": {OWNER: '{"x-applies-to": "flags", "type": "strng"}'},
        "no pattern": {OWNER: '{"x-applies-to": "flags", "properties": {"key": {"pattern": "("}}}'},
        "nowhere to be found": {OWNER: '{"x-applies-to": "flags", "$ref": "#/nowhere"}'},
        "in circles": {OWNER: '{"x-applies-to": "flags", "$ref": "#"}'},
        "too deep": {OWNER: '{"a":' * 50_000},
    },
    "RC802": {
        "an owner": {BANNER: ('"@acme/web"', "ann")},
        "in a list": {
            OWNER: '{"x-applies-to": "rollout", "properties": {"phases": {"items": {"properties": '
            '{"percent": {"maximum": 50, "description": "Half is enough."}}}}}}'
        },
    },
}
