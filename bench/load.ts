/** What a load did: how many answers a second, how long they took, and what they said. */
export interface LoadResult {
  perSecond: number;
  /** Of every answer, in milliseconds. */
  latencies: number[];
  statuses: Record<number, number>;
}

export interface Load {
  port: number;
  connections: number;
  seconds: number;
  /** The next request of a connection, as it goes over the wire; undefined when it has no more. */
  next(connection: number, sent: number): Uint8Array | undefined;
  /** Hears what the connection's request was answered with, before it sends the next. */
  answered?(connection: number, status: number): void;
}

/**
 * Sends requests over so many connections, each the next as soon as the last is answered, once all of them are open. Raw
 * sockets, because `fetch` costs more than the servers that we measure.
 */
export async function load({ port, connections, seconds, next, answered }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  let startedAt = 0;
  const opened = Promise.withResolvers<void>();
  let closed = connections;
  const one = (connection: number) =>
    new Promise<void>((resolve, reject) => {
      let sent = 0;
      let sentAt = 0;
      let pending: Buffer = Buffer.alloc(0);
      const send = (socket: { write(data: Uint8Array): number; end(): void }) => {
        const request = performance.now() < startedAt + seconds * 1000 ? next(connection, sent++) : undefined;
        if (!request) {
          socket.end();
          return resolve();
        }
        sentAt = performance.now();
        socket.write(request);
      };
      Bun.connect({
        hostname: "127.0.0.1",
        port,
        socket: {
          open: (socket) => {
            if (--closed === 0) {
              startedAt = performance.now();
              opened.resolve();
            }
            void opened.promise.then(() => send(socket));
          },
          data(socket, chunk) {
            pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
            const answer = completeAnswer(pending);
            if (!answer) return;
            pending = Buffer.alloc(0);
            latencies.push(performance.now() - sentAt);
            statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
            answered?.(connection, answer.status);
            send(socket);
          },
          close: () => resolve(),
          error: (_, error) => reject(error),
        },
      }).catch(reject);
    });
  await Promise.all(Array.from({ length: connections }, (_, connection) => one(connection)));
  return { perSecond: (latencies.length / (performance.now() - startedAt)) * 1000, latencies, statuses };
}

/** The status once head and body are there. Our servers answer with a length, or with nothing in the body. */
function completeAnswer(bytes: Buffer): { status: number } | undefined {
  const head = bytes.indexOf("\r\n\r\n");
  if (head < 0) return undefined;
  const text = bytes.toString("latin1", 0, head);
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  return bytes.length >= head + 4 + length ? { status: Number(text.slice(9, 12)) } : undefined;
}

/** A request as it goes over the wire. */
export function request(method: string, path: string, headers: Record<string, string> = {}, body?: object): Uint8Array {
  const content = body === undefined ? "" : JSON.stringify(body);
  const all = {
    host: "127.0.0.1",
    ...(body !== undefined && {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(content)),
    }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${content}`);
}
