import { useRef, useState } from "preact/hooks";
import * as words from "../words/kit";
import { Problem, shop } from "./api";
import { ago } from "./format";

/** A record as it was read, and the tag by which the shop knows whether somebody has changed it since. */
export interface Versioned<Body> {
  record: Body;
  etag: string;
}

export const versionOf = <Body,>({ answer, headers }: { answer: Body; headers: Headers }): Versioned<Body> => ({
  record: answer,
  etag: headers.get("etag") ?? "",
});

/** Who was the last to change what stands at this address of the API, and when. `changed` is when it changed, where that is known. */
export async function whoChanged(place: string, changed?: unknown): Promise<string> {
  const subject = `/api/v1/${place}`;
  const [last] = await shop("GET /admin/audit", { query: { subject, size: 1 } }).catch(() => []);
  const at = typeof changed === "string" ? changed : last?.at;
  const isThis = last && at && Math.abs(Date.parse(at) - Date.parse(last.at)) < WITHIN_MS;
  const user = isThis && last.user_id ? await shop("GET /users/{id}", { path: { id: last.user_id } }) : undefined;
  const who = user?.full_name || user?.email || (isThis && last.address) || words.somebody;
  return at ? `${who}, ${ago(at)}` : who;
}

/** What is written down in one step carries moments so close to each other. */
const WITHIN_MS = 10_000;

interface Saving<Body, Change> {
  of: Versioned<Body> | undefined;
  /** Where it stands in the API, such as `products/5`. */
  place: string;
  read: () => Promise<{ answer: Body; headers: Headers }>;
  write: (change: Change, ifMatch: string | undefined) => Promise<{ answer: Body; headers: Headers }>;
  saved: (now: Versioned<Body>) => void;
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const isText = (value: unknown) => typeof value === "string" && value !== "";
/** What is listed below a record, such as its notes, is read in its own place. */
const isListed = (value: unknown) => Array.isArray(value) && value.some((one) => typeof one === "object");
function shown(value: unknown): string {
  if (typeof value === "object" && value) return Object.values(value).filter(isText).join(", ");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value) || words.empty
    : words.empty;
}

/**
 * Saves what was changed of a record that others change too. What only they changed stays; of what both changed nothing is
 * written before somebody has seen both. `save` says whether it is done, `clash` what stands in the way.
 */
export function useVersion<Body extends object, Change extends object>({
  of,
  place,
  read,
  write,
  saved,
}: Saving<Body, Change>) {
  const [theirs, setTheirs] = useState<Versioned<Body> & { by: string }>();
  const etag = useRef(of?.etag);
  const save = async (change: Change): Promise<boolean> => {
    try {
      const now = versionOf(await write(change, etag.current));
      setTheirs(undefined);
      saved(now);
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.problem.status !== 412 || !of) throw error;
      const now = versionOf(await read());
      if (Object.keys(change).every((name) => isSame(Reflect.get(now.record, name), Reflect.get(of.record, name)))) {
        etag.current = now.etag;
        return save(change);
      }
      setTheirs({ ...now, by: await whoChanged(place, Reflect.get(now.record, "updated_at")) });
      return false;
    }
  };
  const clash = of && theirs && (
    <div class="trouble" role="alert">
      <span>{words.savedMeanwhile(theirs.by)}</span>
      {Object.entries(theirs.record)
        .filter(
          ([name, value]) => !COUNTED.test(name) && !isListed(value) && !isSame(value, Reflect.get(of.record, name)),
        )
        .map(([name, value]) => (
          <span key={name}>
            {words.isNow(labelOf(name))} <b>{shown(value)}</b>
          </span>
        ))}
      <button onClick={() => (etag.current = theirs.etag)}>{words.saveMine}</button>
      <button type="button" onClick={() => saved(theirs)}>
        {words.takeTheirs}
      </button>
    </div>
  );
  return { save, clash, forget: () => setTheirs(undefined) };
}

/** What the form calls a field. */
function labelOf(name: string): string {
  const [field] = document.getElementsByName(name);
  const label = field instanceof HTMLElement && field.closest("label")?.firstChild?.textContent;
  return label || words.stateWord(name);
}

/** What changes by itself, and is nobody's writing. */
const COUNTED = /^(updated_at|stock|images|variants|uses|takings|history|status|payment)/;
