// Every request of the page: JSON in, JSON out, with the trace it belongs to.
let token = null;

export class ApiError extends Error {
  constructor(status, problem, traceId) {
    super(`${status} ${problem.title}: ${problem.detail}`);
    this.status = status;
    this.traceId = traceId;
  }

  get name() {
    return "ApiError";
  }
}

function randomHex(bytes) {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (value) => value.toString(16).padStart(2, "0")).join("");
}

export function useToken(value) {
  token = value;
}

export async function send(method, path, body, options = {}) {
  const traceId = randomHex(16);
  const headers = {
    Accept: "application/json",
    traceparent: `00-${traceId}-${randomHex(8)}-01`,
    "X-Request-Id": `req-${randomHex(6)}`,
  };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body), ...options });
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, JSON.parse(text), traceId);
  return JSON.parse(text);
}

export const get = (path, options) => send("GET", path, undefined, options);
export const post = (path, body) => send("POST", path, body);
