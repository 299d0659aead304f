// CreateActivity in Node: the same statement, called over Lambda's Runtime API.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import pg from "pg";

const names = [];
const CREATE = readFileSync(process.env.SQL_FILE, "utf8").replace(/--[^\n]*|(?<!:):([a-z_]+)/g, (_, name) => {
  if (!name) return "";
  if (!names.includes(name)) names.push(name);
  return `$${names.indexOf(name) + 1}`;
});
const SECONDS = { "30-days": 2592000, "7-days": 604800, "1-hour": 3600 };

let client;

async function connect() {
  const address = new URL(process.env.CONNECTION_URL);
  const opened = new pg.Client({
    host: address.hostname,
    port: Number(address.port),
    user: address.username,
    password: address.password,
    database: address.pathname.slice(1),
    ssl: { ca: readFileSync(address.searchParams.get("sslrootcert"), "utf8") },
  });
  await opened.connect();
  return opened;
}

async function handler(event) {
  client ??= await connect();
  const body = JSON.parse(event.body);
  const values = {
    uuid: randomUUID(),
    cognito_user_id: event.requestContext.authorizer.jwt.claims.sub,
    message: body.message,
    time_to_live: SECONDS[body.ttl],
    window: 300,
    posts: Number(process.env.POSTS_LIMIT),
    idempotency_key: event.headers["idempotency-key"] ?? null,
  };
  const { rows } = await client.query({ name: "create", text: CREATE, values: names.map((name) => values[name]) });
  const [{ activity, outcome }] = rows;
  return { statusCode: outcome === "created" ? 200 : 404, body: JSON.stringify(activity) };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const root = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(root + path, { method, agent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve({ id: response.headers["lambda-runtime-aws-request-id"], text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

for (;;) {
  const call = await send("GET", "/next");
  await send("POST", `/${call.id}/response`, JSON.stringify(await handler(JSON.parse(call.text))));
}
