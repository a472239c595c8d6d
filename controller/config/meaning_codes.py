"""The codes of problems with what files say.

RC3 flags, RC4 rollouts, RC5 gates, RC6 waivers and allowances, RC7 environments, RC8 the company's
own rules. One declaration a code; docs/problems.md is generated from them and a test makes every
one of them happen.
"""

from typing import Final

from controller.config.problems import Code, Severity

NO_HOME: Final = Code(
    "RC301",
    "A flag that lives nowhere",
    "A flag needs a column of its own (`merchant_config`), a variable (`deploy_env`), or both.",
)
OVERRIDES_WITHOUT_HOME: Final = Code(
    "RC302",
    "Overrides without a per-merchant home",
    "One merchant can only be treated differently where each merchant has a value: give the flag"
    " a `merchant_config`.",
)
GLOBAL_WITHOUT_HOME: Final = Code(
    "RC303",
    "On for everyone without a global home",
    "`global: true` is written to the deploy environment: give the flag a `deploy_env`.",
)
SAME_VALUES: Final = Code(
    "RC304",
    "Enabled and disabled are the same value",
    "The app could not tell on from off.",
)
DUPLICATE_OVERRIDE: Final = Code(
    "RC305",
    "Two overrides for one merchant",
    "Only one could count. Keep one of them.",
)
UNREACHABLE_OVERRIDE: Final = Code(
    "RC306",
    "An override that the global value makes unreachable",
    "The app reads `global value or merchant's value`. While the flag is on for everyone, no "
    "merchant can be off. Remove the override, or set `global: false` and leave the rest to the "
    "rollout.",
)
SHARED_COLUMN: Final = Code(
    "RC307",
    "Two flags in one column",
    "Each would overwrite the other at every run. Give each flag a column of its own.",
)
SHARED_VARIABLE: Final = Code(
    "RC308",
    "Two flags in one variable",
    "Each would overwrite the other at every run. Give each flag a variable of its own.",
)
RESERVED_COLUMN: Final = Code(
    "RC309",
    "A column that belongs to the app",
    "The table's key, its merchant and its time stamps are no place for a flag.",
)
NO_EXPIRY: Final = Code(
    "RC310",
    "A release flag without an end",
    "A flag with a rollout is there to go away. Say by when with `expires`, so that it is not "
    "forgotten.",
)
FLAG_EXPIRED: Final = Code(
    "RC311",
    "A flag past its end",
    "The day that `expires` names is over. Remove the flag from app and repository, or set a new"
    " day.",
    Severity.WARNING,
)
OVERRIDE_EXPIRED: Final = Code(
    "RC312",
    "An override past its end",
    "It no longer counts: the rollout decides about this merchant again. Remove it.",
    Severity.WARNING,
)

NO_FLAG: Final = Code(
    "RC401",
    "A rollout without its flag",
    "`rollout/FLAG.yaml` needs `flags/FLAG.yaml`, which says where the values live.",
)
ROLLOUT_WITHOUT_HOME: Final = Code(
    "RC402",
    "A rollout of a flag without a per-merchant home",
    "Phases turn merchants on one by one, so the flag needs a `merchant_config`. A flag that "
    "only has a variable is switched with `global` and needs no rollout.",
)
DUPLICATE_PHASE: Final = Code(
    "RC403",
    "Two phases of one name",
    "`phase` could not say which one is meant.",
)
NARROWER_PHASE: Final = Code(
    "RC404",
    "A phase narrower than the one before",
    "Going up the ladder must never turn anybody off. Percentages may not fall, and a phase by "
    "name only cannot follow a percentage: name the merchants in an earlier phase, or repeat the"
    " percentage.",
)
IDLE_PHASE: Final = Code(
    "RC405",
    "A phase that adds nobody",
    "Everyone in it is in an earlier phase already. Only its soak and its gate have an effect.",
    Severity.WARNING,
)
UNKNOWN_PHASE: Final = Code(
    "RC406",
    "A phase that is not on the ladder",
    "`phase` names `off` or one of `phases`.",
)
UNKNOWN_ENVIRONMENT: Final = Code(
    "RC407",
    "An unknown environment",
    "Environments are the files in `rollout/environments/`.",
)
ENVIRONMENT_LEFT_OUT: Final = Code(
    "RC408",
    "An environment without a phase",
    "A mapping under `phase` names every environment. One that is left out would silently be off.",
)
GLOBAL_TOO_EARLY: Final = Code(
    "RC409",
    "On for everyone before the last phase",
    "`global: true` is the step after the last phase, in every environment. Finish the ladder "
    "first.",
)
PHASE_WITHOUT_GATE: Final = Code(
    "RC410",
    "A phase without a gate",
    "Nothing but review stands between this phase and the next one. Name a `gate`.",
    Severity.WARNING,
)
NAMED_BUT_OVERRIDDEN: Final = Code(
    "RC411",
    "A named merchant that an override keeps off",
    "An override beats the rollout, so naming the merchant has no effect. Remove one of the two.",
    Severity.WARNING,
)

UNKNOWN_GATE: Final = Code(
    "RC501",
    "A gate that is not defined",
    "A gate is defined under `gates` of the rollout or in a file of `rollout/gates/`.",
)
GATE_DEFINED_TWICE: Final = Code(
    "RC502",
    "A gate that is defined twice",
    "A rollout's own gate has the name of a shared one. A reader could not tell which one "
    "counts: rename one.",
)
UNUSED_GATE: Final = Code(
    "RC503",
    "A gate that no phase uses",
    "It may be a typing error in a phase's `gate`, or a leftover.",
    Severity.WARNING,
)
UNKNOWN_MEASURE: Final = Code(
    "RC504",
    "An unknown measure",
    "A measure is built in, or defined under `workflow_data.measures` of every environment.",
)
CRITERION_INCOMPLETE: Final = Code(
    "RC505",
    "A criterion that lacks its parameter",
    "`on_time` needs `within`, `faster_than_baseline` needs `ratio`. Under `require` of a "
    "deterministic gate, where there is no place for them, `on_time` takes `duration.proceed` and "
    "`faster_than_baseline` cannot stand.",
)
CRITERION_OVERLOADED: Final = Code(
    "RC506",
    "A parameter that the criterion does not have",
    "Only `on_time` has `within`, only `faster_than_baseline` has `ratio`. Elsewhere they would "
    "do nothing.",
)
FLOOR_ABOVE_TARGET: Final = Code(
    "RC507",
    "A floor above its target",
    "The target is what should be reached, the floor what is just acceptable.",
)
WORST_MERCHANT_ELSEWHERE: Final = Code(
    "RC508",
    "A worst-merchant rule on something that is not judged",
    "`worst_merchant.criterion` names one of the gate's `criteria`.",
)
DURATIONS_REVERSED: Final = Code(
    "RC509",
    "Durations in the wrong order",
    "A longer time is stricter than a shorter one here: nothing could ever have the verdict "
    "between them.",
)
NOTHING_DECIDES: Final = Code(
    "RC510",
    "A gate that lets everything pass",
    "All its criteria only inform. At least one must decide.",
)
NAMED_TWICE: Final = Code(
    "RC511",
    "Something that a gate asks twice",
    "A deterministic gate counts `failed` and `stuck` by rules of their own; they cannot stand "
    "under `never` too.",
)
FLOOR_OUT_OF_REACH: Final = Code(
    "RC512",
    "A floor so high that nothing proves it",
    "The gate passes only what is proven to be above its floor, and a proof costs more runs the "
    "nearer the floor is to 100%. What must never happen belongs under `never`.",
)
GATE_NEVER_PASSES: Final = Code(
    "RC513",
    "A gate that its phase can never pass",
    "The phase names its merchants, and they are fewer than the gate asks for, or too few of their "
    "runs count. The rollout would stand still there for ever.",
)
GATE_HARD_TO_PASS: Final = Code(
    "RC514",
    "A gate that its phase passes only in a large company",
    "Only so many runs of each merchant count, so the phase needs many merchants, and the "
    "percentage a multiple of them. How many there are no file says.",
    Severity.WARNING,
)
BROKEN_RELEASE_PASSES: Final = Code(
    "RC515",
    "A gate that lets a broken release pass",
    "Its floors and targets are so low that it holds nothing back.",
)
HALF_BROKEN_RELEASE_PASSES: Final = Code(
    "RC516",
    "A gate that lets a half-broken release pass",
    "Its floors and targets are low. That may be meant, where each run is only asked whether it was"
    " faster, for example; let `completed` decide beside it.",
    Severity.WARNING,
)
RULE_WITHOUT_EFFECT: Final = Code(
    "RC517",
    "A rule that nothing can break",
    "Whoever reads the gate takes it for protection, and it is none.",
)

UNKNOWN_FLAG: Final = Code(
    "RC601",
    "An exception for an unknown flag",
    "The flag has no file in `flags/`, or, for a waiver, no rollout. Remove the exception with "
    "the flag.",
)
PHASE_NOT_GATED: Final = Code(
    "RC602",
    "A waiver for a phase without a gate",
    "The phase is not on the ladder, or has no gate that could object.",
)
CRITERION_NOT_IN_GATE: Final = Code(
    "RC603",
    "A waiver for something the gate does not ask",
    "The waiver would have no effect.",
)
WAIVES_NEVER: Final = Code(
    "RC604",
    "A waiver for what must never happen",
    "What a gate lists under `never` is proof of harm, and no reason makes it acceptable.",
)
EXCEPTION_EXPIRED: Final = Code(
    "RC605",
    "An exception past its end",
    "It no longer counts. Remove it.",
    Severity.WARNING,
)
DUPLICATE_WAIVER: Final = Code(
    "RC606",
    "Two waivers for one criterion",
    "Only one is needed; two reasons and two ends for the same thing confuse whoever reads the "
    "report.",
)
NEVER_LIFTABLE: Final = Code(
    "RC607",
    "A guardrail that cannot be lifted",
    "`halted` ends with `rolloutctl resume`, and `missing_schema` with a migration; no reason "
    "helps.",
)

NO_ENVIRONMENT: Final = Code(
    "RC701",
    "No environment",
    "Without a file in `rollout/environments/` there is nowhere to apply anything.",
)
FREEZE_REVERSED: Final = Code(
    "RC702",
    "A freeze that ends before it starts",
    "It would freeze nothing.",
)
OPTIONS_CONTRADICT: Final = Code(
    "RC703",
    "Options that do not go together",
    "The message says which ones, and which to remove or to add.",
)
MEASURE_NAME_TAKEN: Final = Code(
    "RC704",
    "A measure with the name of a built-in one",
    "A gate could not say which one is meant.",
)
NOT_A_SELECT: Final = Code(
    "RC705",
    "A measure that is not one SELECT",
    "Measures only read. Write one statement that begins with SELECT or WITH, without a semicolon.",
)
STATUS_AMBIGUOUS: Final = Code(
    "RC706",
    "A status that means two things",
    "A run has completed, failed or not ended, never two of them.",
)
ADAPTER_MISSPELT: Final = Code(
    "RC707",
    "An adapter whose name is almost a built-in one",
    "If it is another package's adapter, all is well. If not, it will not be found.",
    Severity.WARNING,
)
NO_DEPLOY_ENVIRONMENT: Final = Code(
    "RC708",
    "On for everyone where there is no deploy environment",
    "`global: true` applies to every environment, and this one has no `deploy_env` to write it to.",
)

BROKEN_RULE: Final = Code(
    "RC801",
    "A company rule that cannot be used",
    "A file in `rollout/rules/` is a JSON Schema (draft 2020-12) with `x-applies-to` at its top:"
    " one of `flags`, `rollout`, `environments`, `gates`, `waivers`, or a list of them. It may "
    "refer to itself (`#/...`), never to an address. A rule that cannot be used fails the run, "
    "because nobody would notice that it no longer protects.",
)
RULE_VIOLATED: Final = Code(
    "RC802",
    "A company rule is not kept",
    "The rule's file is named in the message; its description says what it wants.",
)
RULES_TOO_SLOW: Final = Code(
    "RC803",
    "The company rules take too long",
    "All rules together have 5 seconds. A pattern with nested repetitions such as `(a+)+` is the"
    " usual cause.",
)
