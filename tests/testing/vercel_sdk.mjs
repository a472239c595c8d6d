// Vercel's own client, talking to the fake: every request and every reply is checked by its schemas.
// Called with the folder of the client and, as JSON, where the fake is. Prints what came back, as JSON.
import { pathToFileURL } from "node:url";

const [folder, given] = process.argv.slice(2);
const { url, token, teamId, project, sensitive } = JSON.parse(given);

// One function a file: the whole client takes seconds to load.
async function load(path, name) {
  return (await import(pathToFileURL(`${folder}/esm/${path}.js`).href))[name];
}

const VercelCore = await load("core", "VercelCore");
const vercel = new VercelCore({ bearerToken: token, serverURL: url });
const stranger = new VercelCore({ bearerToken: "somebody-else", serverURL: url });
const call = {};
for (const name of [
  "projectsFilterProjectEnvs",
  "projectsCreateProjectEnv",
  "projectsGetProjectEnv",
  "projectsEditProjectEnv",
  "projectsRemoveProjectEnv",
  "projectsGetProject",
  "deploymentsGetDeployments",
  "deploymentsCreateDeployment",
  "deploymentsGetDeployment",
]) {
  const operation = await load(`funcs/${name}`, name);
  const short = name.replace(/^(projects|deployments)/, "");
  call[short] = (request, client = vercel) => operation(client, request);
}

async function value(pending) {
  const result = await pending;
  if (!result.ok) throw result.error;
  return result.value;
}

async function refusal(pending) {
  const result = await pending;
  if (result.ok) return null;
  return { status: result.error.statusCode, code: JSON.parse(result.error.body).error.code };
}

const scope = { teamId, idOrName: project };
const seen = {};

function create(target, more = {}) {
  const requestBody = { key: "MADE", value: "1", type: "encrypted", target, ...more };
  return call.CreateProjectEnv({ ...scope, upsert: "true", requestBody });
}

seen.listed = await value(call.FilterProjectEnvs(scope));
seen.created = await value(create(["production"]));
seen.again = await value(create(["production"], { value: "2" }));
seen.conflict = await refusal(create(["production", "preview"]));
const id = seen.created.created.id;
seen.read = await value(call.GetProjectEnv({ ...scope, id }));
seen.sensitive = await value(call.GetProjectEnv({ ...scope, id: sensitive }));
seen.edited = await value(call.EditProjectEnv({ ...scope, id, requestBody: { value: "3" } }));
seen.removed = await value(call.RemoveProjectEnv({ ...scope, id }));
seen.gone = await refusal(call.GetProjectEnv({ ...scope, id }));
seen.failed = await value(create(["production"]));
seen.stranger = await refusal(call.FilterProjectEnvs(scope, stranger));

seen.project = await value(call.GetProject(scope));
const newest = { teamId, projectId: project, target: "production", state: "READY", limit: 1 };
seen.deployments = await value(call.GetDeployments(newest));
const [live] = seen.deployments.deployments;
seen.redeployed = await value(
  call.CreateDeployment({
    teamId,
    forceNew: "1",
    requestBody: {
      name: project,
      deploymentId: live.uid,
      target: "production",
      meta: { action: "redeploy" },
    },
  }),
);
seen.states = [];
for (let poll = 0; poll < 1000; poll += 1) {
  const found = await value(call.GetDeployment({ teamId, idOrUrl: seen.redeployed.id }));
  const state = `${found.readyState} ${found.aliasAssigned}`;
  if (seen.states.at(-1) !== state) seen.states.push(state);
  if (found.aliasAssigned) break;
  await new Promise((resolve) => setTimeout(resolve, 5));
}
console.log(JSON.stringify(seen));
