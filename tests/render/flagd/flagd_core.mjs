// flagd's evaluator in JavaScript. Called with the folder of its packages; a definition and questions
// come as JSON on standard input: [flag, merchant, attributes]. Prints the answers, as JSON.
import { pathToFileURL } from "node:url";

const [packages] = process.argv.slice(2);
const flagd = pathToFileURL(`${packages}/@openfeature/flagd-core/index.cjs.js`).href;
const { FlagdCore } = (await import(flagd)).default;

let given = "";
for await (const piece of process.stdin) given += piece;
const { definition, questions } = JSON.parse(given);

const quiet = { error: console.error, warn: console.error, info() {}, debug() {} };
const core = new FlagdCore(undefined, quiet);
core.setConfigurations(definition);
const answers = questions.map(([flag, merchant, attributes]) => {
  const context = { ...attributes, targetingKey: merchant };
  const { value, reason, errorCode } = core.resolveBooleanEvaluation(flag, false, context);
  return errorCode ? `${errorCode} ${reason}` : value;
});
console.log(JSON.stringify({ answers, metadata: core.getFlagSetMetadata() }));
