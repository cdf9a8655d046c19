import * as words from "../words/kit";
import { Act } from "./act";
import { type MadeCall, calls } from "./api";
import { Dialog } from "./dialog";
import { root } from "./place";
import { say } from "./toasts";

/** The calls that this page has made, for who wants to do the same from elsewhere: as curl, and with the client. */
export function CallBehind({ onClose }: { onClose: () => void }) {
  const own = calls.value.filter(({ by }) => by === location.pathname).toReversed();
  return (
    <Dialog title={words.callsBehind} onClose={onClose}>
      <p class="quiet">{words.callsAbout}</p>
      {own.map((made, at) => (
        <details key={JSON.stringify(made)} class="call" open={at === 0}>
          <summary>
            <code>{made.call}</code>
          </summary>
          <Code of={curlOf(made)} label={words.asCurl} />
          <Code of={clientCodeOf(made)} label={words.withClient} />
        </details>
      ))}
    </Dialog>
  );
}

function Code({ of, label }: { of: string; label: string }) {
  return (
    <figure>
      <figcaption class="row">
        {label}
        <Act
          verb={words.copy}
          class="bare"
          label={words.copyOf(label)}
          work={() => navigator.clipboard.writeText(of).then(() => say(words.copied))}
        />
      </figcaption>
      {/* What scrolls has to be reached by the keyboard too. */}
      <pre tabIndex={0} role="region" aria-label={label}>
        {of}
      </pre>
    </figure>
  );
}

export function curlOf({ call, given: { path = {}, query = {}, body, ifMatch, idempotencyKey } }: MadeCall): string {
  const [method = "", pattern = ""] = call.split(" ");
  const place = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(Reflect.get(path, name))),
  );
  const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  return [
    `curl ${method === "GET" ? "" : `-X ${method} `}${quoted(`${location.origin}${root}/api/v1${place}${asked && `?${asked}`}`)}`,
    `-H "Authorization: Bearer $TOKEN"`,
    ...(ifMatch ? [`-H ${quoted(`If-Match: ${ifMatch}`)}`] : []),
    ...(idempotencyKey ? [`-H ${quoted(`Idempotency-Key: ${idempotencyKey}`)}`] : []),
    ...(body instanceof Blob ? [`--data-binary @file`] : []),
    ...(body === undefined || body instanceof Blob
      ? []
      : [`-H "Content-Type: application/json"`, `-d ${quoted(JSON.stringify(body))}`]),
  ].join(" \\\n  ");
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

export function clientCodeOf({ call, given }: MadeCall): string {
  const words = JSON.stringify(given, undefined, 2).replaceAll(/"([A-Za-z_]\w*)":/g, "$1:");
  return `await shop(${JSON.stringify(call)}${words === "{}" ? "" : `, ${words}`});`;
}
