import { SMTPServer } from "smtp-server";

/** A letter as a mail server took it. */
export interface TakenLetter {
  to: string[];
  raw: string;
}

/** What the mail server says to a letter: takes it (undefined), or refuses it with this code. */
export type Answer = (letter: TakenLetter, count: number) => number | undefined;

const refusal = (code: number) => Object.assign(new Error("no"), { responseCode: code });

/** A whole mail server, that takes letters, refuses them or puts them off. */
export async function startMailServer(
  answer: Answer = () => undefined,
  { recipient = () => undefined }: { recipient?: (address: string) => number | undefined } = {},
) {
  const taken: TakenLetter[] = [];
  let count = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onRcptTo: ({ address }, _, done) => {
      const code = recipient(address);
      done(code === undefined ? null : refusal(code));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const letter = {
          to: session.envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        };
        const code = answer(letter, ++count);
        if (code === undefined) taken.push(letter);
        done(code === undefined ? null : refusal(code));
      });
    },
  });
  // A sender that is killed in the middle of a letter resets its connection.
  server.on("error", () => {});
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** The text of a letter, put together again: lines end softly, and letters beyond ASCII are written out. */
export function readable({ raw }: TakenLetter): string {
  const bytes = raw
    .replaceAll("=\r\n", "")
    .replaceAll(/((?:=[0-9A-F]{2})+)/g, (codes) => Buffer.from(codes.replaceAll("=", ""), "hex").toString());
  return bytes.replaceAll("\r\n", "\n");
}

/** A header of a letter, as a person reads it. */
export function headerOf({ raw }: Pick<TakenLetter, "raw">, name: string): string | undefined {
  const unfolded = raw.slice(0, raw.indexOf("\r\n\r\n")).replaceAll(/\r\n[ \t]+/g, " ");
  const value = new RegExp(`^${name}: *(.*?)\\r?$`, "im").exec(unfolded)?.[1];
  return value
    ?.replaceAll(/\?= =\?/g, "?==?")
    .replaceAll(/=\?UTF-8\?Q\?(.*?)\?=/gi, (_, text: string) =>
      text
        .replaceAll("_", " ")
        .replaceAll(/(?:=[0-9A-F]{2})+/g, (codes) => Buffer.from(codes.replaceAll("=", ""), "hex").toString()),
    )
    .replaceAll(/=\?UTF-8\?B\?(.*?)\?=/gi, (_, text: string) => Buffer.from(text, "base64").toString());
}
