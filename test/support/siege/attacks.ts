import { connect, type Socket } from "node:net";
import type { Operation } from "../operations";
import type { Besieged } from "./besieged";

/** Each attack comes from one client, which has its whole allowance when it begins. */
let clients = 0;
const newAttacker = () => `198.51.100.${++clients % 250}`;

/** Goes on until it is told to stop, and tells how many answers it had. */
export interface Attack {
  name: string;
  run(shop: Besieged, stopped: AbortSignal): Promise<number>;
}

const LETTERS = "a+b+c+d+e+f+g+h+i+j+k+l";
const WORDS = "the+and+with+for+pack+set+of+in+a+new+fresh+kg";

/** Names whose hashes have their lower bits in common. */
export function collidingNames(count: number): string[] {
  const names: string[] = [];
  for (let at = 0; names.length < count; at++) {
    const name = at.toString(36).padStart(8, "0");
    if ((Bun.hash.rapidhash(name, 0n) & 0x3ffn) === 0x123n) names.push(name);
  }
  return names;
}

interface Sent {
  method?: string;
  target: string;
  headers?: string[];
  body?: string;
  /** From where, if not from the attacker's one address. */
  from?: string;
}

function bytesOf(
  attacker: string,
  { method = "GET", target, headers = [], body = "", from = attacker }: Sent,
  connection: string,
): string {
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...(headers.some((header) => header.startsWith("Host:")) ? [] : ["Host: localhost"]),
    `X-Forwarded-For: ${from}`,
    `Connection: ${connection}`,
    ...(body === "" ? [] : ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`]),
    ...headers,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

/** One request on a connection of its own; resolves when the server has ended it. */
function once({ hostname, port }: Besieged, text: string, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, hostname, () => socket.write(text));
    const end = () => {
      socket.destroy();
      resolve();
    };
    socket.on("data", () => {});
    socket.on("close", end);
    socket.on("error", end);
    stopped.addEventListener("abort", end, { once: true });
  });
}

/** The same again and again over so many connections, each new. */
function newConnections(name: string, connections: number, next: (turn: number) => Sent): Attack {
  return {
    name,
    run: async (shop, stopped) => {
      let turns = 0;
      const attacker = newAttacker();
      const one = async () => {
        while (!stopped.aborted) await once(shop, bytesOf(attacker, next(turns++), "close"), stopped);
      };
      await Promise.all(Array.from({ length: connections }, one));
      return turns;
    },
  };
}

/** The same over so many connections that are kept. */
function keptConnections(name: string, connections: number, next: (turn: number) => Sent): Attack {
  return {
    name,
    run: async ({ url }, stopped) => {
      let turns = 0;
      const attacker = newAttacker();
      const one = async () => {
        while (!stopped.aborted) {
          const { method = "GET", target, body } = next(turns++);
          const headers = {
            "x-forwarded-for": attacker,
            ...(body !== undefined && { "content-type": "application/json" }),
          };
          const init = { method, headers, signal: stopped, ...(body !== undefined && { body }) };
          await fetch(`${url}${target}`, init)
            .then((response) => response.arrayBuffer())
            .catch(() => {});
        }
      };
      await Promise.all(Array.from({ length: connections }, one));
      return turns;
    },
  };
}

/** Connections that are opened, sent something over, and held. */
function heldConnections(name: string, connections: number, text: string, read: boolean): Attack {
  return {
    name,
    run: async ({ hostname, port }, stopped) => {
      const sockets: Socket[] = [];
      while (!stopped.aborted) {
        while (sockets.length < connections) {
          const socket = connect(port, hostname, () => socket.write(text));
          if (!read) socket.pause();
          socket.on("data", () => {});
          socket.on("error", () => {});
          socket.on("close", () => sockets.splice(sockets.indexOf(socket), 1));
          sockets.push(socket);
        }
        await Bun.sleep(50);
      }
      for (const socket of sockets.slice()) socket.destroy();
      return connections;
    },
  };
}

const search = (words: string) => ({ target: `/api/v1/search/products?size=100&q=${words}` });

/** The worst that the limits let through, as far as we know: what the review found, and each route with all that it takes. */
export function attacksOn(operations: readonly Operation[]): Attack[] {
  const names = collidingNames(1_200);
  const colliding = JSON.stringify(Object.fromEntries(names.map((name) => [name, 0])));
  const filters = Array.from({ length: 31 }, (_, at) => `attr.a${at}=1`);
  const worst = operations.map((operation) => worstOf(operation));
  const half = bytesOf(
    newAttacker(),
    { method: "POST", target: "/api/v1/auth/login", body: "x".repeat(16_000) },
    "keep-alive",
  );
  const list = bytesOf(newAttacker(), { target: "/api/v1/products?size=100" }, "keep-alive");
  return [
    newConnections("colliding names", 8, () => ({ method: "POST", target: "/api/v1/auth/login", body: colliding })),
    keptConnections("searches for letters", 10, () => search(LETTERS)),
    newConnections("searches for words, each on a new connection", 2, () => search(WORDS)),
    newConnections("searches for letters, each on a new connection", 16, () => search(LETTERS)),
    keptConnections("filters in every order", 8, (turn) => ({
      target: `/api/v1/search/products?${[...filters.slice(turn % 31), ...filters.slice(0, turn % 31)].join("&")}`,
    })),
    newConnections("a Host that is none", 32, (turn) => ({
      method: "POST",
      target: "/healthz?/api/v1/auth/register",
      headers: [`Host: ${["a", "[", "x/y", ""][turn % 4] ?? ""}`],
      body: `{"full_name":"A","email":"a${turn}@b.example","phone":"1","password":"a long password"}`,
    })),
    keptConnections("sign-ins", 20, (turn) => ({
      method: "POST",
      target: "/api/v1/auth/login",
      body: `{"email":"nobody-${turn}@example.com","password":"a wrong password"}`,
    })),
    newConnections("sign-ins from every network of a site", 120, (turn) => ({
      method: "POST",
      target: "/api/v1/auth/login",
      body: `{"email":"nobody-${turn}@example.com","password":"a wrong password"}`,
      from: `2001:db8:1:${(turn % 65_536).toString(16)}::1`,
    })),
    heldConnections("bodies that never end", 400, half.slice(0, -1_000), true),
    heldConnections("answers that are never read", 200, list.repeat(20), false),
    keptConnections("every route with all that it takes", 16, (turn) => worst[turn % worst.length] ?? search(LETTERS)),
  ];
}

/** A call of this route with as much as it may hold, without a token. */
function worstOf({ method, path, bodies, parameters }: Operation): Sent {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === "id" ? "1" : "x".repeat(200)));
  const fields = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  const query = Array.from({ length: 32 }, (_, at) => `${fields[at] ?? `attr.f${at}`}=${valueOf(fields[at])}`);
  const texts = Array.from({ length: 298 }, () => "x".repeat(40));
  const body = method === "GET" ? undefined : JSON.stringify({ text: texts });
  const hasBody = Object.keys(bodies).length > 0;
  return { method, target: `${filled}?${query.join("&")}`, ...(hasBody && body !== undefined && { body }) };
}

const NUMBERS = new Set(["page", "size", "limit"]);

const valueOf = (name: string | undefined): string =>
  name === "q" ? LETTERS : name !== undefined && NUMBERS.has(name) ? (name === "page" ? "1" : "50") : "x".repeat(40);
