import { type Answer, callUnjudged } from "../client";
import type { Case } from "./cases";
import { type Line, script } from "./curl";
import type { Floor, Floors } from "./floor";
import type { Judge } from "./judge";
import { follow, learn, type Memory, type Name, names } from "./memory";
import { prepare, type Sent, signInOf } from "./request";

/** The whole fuzz has the machine to itself and holds this; at a check other tests run beside it. */
const SLOW_MS = Number(process.env["FUZZ_SLOW_MS"] ?? Infinity);

/**
 * Sends the requests of a sequence to a fresh floor, one after the other, and tells what came of each. Throws, with all of
 * them as lines for curl, when an answer is not what it must be.
 */
export async function walk(
  floors: Floors,
  judge: Judge,
  sequence: readonly Case[],
  tell: (operation: string, status: number) => void,
): Promise<void> {
  const floor = await floors.open();
  const memory = structuredClone(floors.memory);
  const lines: Line[] = [];
  try {
    for (const request of sequence) {
      const { role, operation } = request;
      const { sent, answer, ms } = await take(floor, memory, lines, request);
      tell(operation.name, answer.status);
      const faults = judge(memory, role, operation, sent, answer);
      // Somebody else may have held the machine up; twice in a row it is us.
      if (ms > SLOW_MS && (await send(floor, lines, sent)).ms > SLOW_MS) faults.push(`takes ${Math.round(ms)} ms`);
      if (faults.length > 0) throw new Error(`${operation.name} ${faults.join("; ")}\n\n${script(lines, floor)}`);
      learn(memory, operation, role, answer);
      follow(memory, role, sent.body, answer);
    }
  } finally {
    await floor.close();
  }
}

/** Sends one request, signed in as who it is from. */
async function take(floor: Floor, memory: Memory, lines: Line[], request: Case) {
  const { role, operation } = request;
  if (role !== "nobody" && memory.people[role].access_token === undefined) await signIn(floor, memory, lines, role);
  for (const name of names) readLetters(floor, memory, name);
  const sent = prepare(floor, memory, request);
  const taken = await send(floor, lines, sent);
  if (taken.answer.status !== 401 || role === "nobody" || operation.access === "public") return { sent, ...taken };
  // An earlier request ended the session.
  await signIn(floor, memory, lines, role);
  const again = prepare(floor, memory, request);
  return { sent: again, ...(await send(floor, lines, again)) };
}

/** Without effect where an admin has shut them out. */
async function signIn(floor: Floor, memory: Memory, lines: Line[], name: Name): Promise<void> {
  const sent = signInOf(memory.people[name]);
  const { answer } = await send(floor, lines, sent);
  follow(memory, name, sent.body, answer);
}

function readLetters(floor: Floor, { people }: Memory, name: Name): void {
  const letter = floor.letters.findLast(({ to }) => to === people[name].email);
  if (letter) people[name].reset_token = letter.token;
}

async function send(floor: Floor, lines: Line[], sent: Sent): Promise<{ answer: Answer; ms: number }> {
  const { method, url, headers, text } = sent;
  const startedAt = performance.now();
  const answer = await callUnjudged(floor, method, url, { headers, ...(text !== undefined && { body: text }) });
  lines.push({ sent, answer });
  return { answer, ms: performance.now() - startedAt };
}
