import type { Answer } from "../client";
import type { Floor } from "./floor";
import type { Sent } from "./request";

/** One request of a sequence, and its answer. */
export interface Line {
  sent: Sent;
  answer: Answer;
}

const SERVER = "http://127.0.0.1:5000";

/** Where a served floor shows the token in the last letter to somebody. */
export const LETTERS = "/letters/";

/** What no two floors have alike: it is taken from where it was shown. */
const SECRETS = ["access_token", "refresh_token"];

/** A sequence as lines for a shell, which work on any floor that was just opened. */
export function script(lines: readonly Line[], { letters }: Pick<Floor, "letters">): string {
  const commands = lines.map(({ sent }) => curl(sent));
  const replace = (from: number, secret: string, source: string): boolean => {
    let used = false;
    for (let at = from; at < commands.length; at++) {
      const command = commands[at] ?? "";
      if (!command.includes(secret)) continue;
      // Whatever has a secret in it stands in single quotes.
      commands[at] = command.replaceAll(secret, `'"$(${source})"'`);
      used = true;
    }
    return used;
  };
  for (const { to, token } of letters) replace(0, token, `curl -s ${SERVER}${LETTERS}${to}`);
  for (const [at, { answer }] of lines.entries()) {
    const name = `ANSWER_${at + 1}`;
    const used = SECRETS.filter(
      (field) =>
        typeof answer.body?.[field] === "string" &&
        replace(at + 1, answer.body[field], `jq -r .${field} <<<"$${name}"`),
    );
    if (used.length > 0) commands[at] = `${name}=$(${commands[at]})`;
  }
  const last = lines.at(-1)?.answer;
  return `${commands.join("\n")}\n→ ${last?.status} ${last?.text.slice(0, 500)}`;
}

function curl({ method, url, headers, text }: Sent): string {
  return [
    `curl -s --path-as-is -X ${method} ${quoted(SERVER + url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(text === undefined ? [] : [`--data-raw ${quoted(text)}`]),
  ].join(" ");
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
