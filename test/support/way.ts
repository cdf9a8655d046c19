import type { Socket, TCPSocketListener } from "bun";

/** A way to the database that can be slow, or fall silent as when a host is gone: nothing comes, and nothing is refused. */
export interface Way {
  url: string;
  /** How often a client has spoken after it had heard something: how often it waited for an answer. */
  roundTrips(): number;
  fallSilent(): void;
  /** Connections from here on are good again; those from before stay silent. */
  open(): void;
  close(): void;
}

interface Side {
  other?: Socket<Side>;
  /** What came from it before its other side was there. */
  waiting: Uint8Array[];
  /** What is to be written to it. */
  unsent: Uint8Array[];
  silent: boolean;
  isClient: boolean;
  hasHeard: boolean;
}

/** A socket takes no more than its other end has room for; the rest goes when there is some again. */
function send(socket: Socket<Side>, data: Uint8Array): void {
  socket.data.unsent.push(data);
  sendWaiting(socket);
}

function sendWaiting(socket: Socket<Side>): void {
  const { unsent } = socket.data;
  for (let next = unsent[0]; next; next = unsent[0]) {
    const written = socket.write(next);
    if (written < next.byteLength) {
      unsent[0] = next.subarray(Math.max(0, written));
      return;
    }
    unsent.shift();
  }
}

/** A way to where the address leads, for addresses with one host. */
export function wayTo(address: string, delayMs = 0): Way {
  const target = new URL(address);
  const sides = new Set<Side>();
  const later = (work: () => void) => (delayMs > 0 ? void setTimeout(work, delayMs / 2) : work());
  let roundTrips = 0;
  const pass = (from: Side, data: Uint8Array) => {
    if (from.silent) return;
    if (from.isClient && from.hasHeard) roundTrips++;
    from.hasHeard = false;
    if (!from.isClient && from.other) from.other.data.hasHeard = true;
    const copy = Uint8Array.from(data);
    later(() => {
      if (from.other) send(from.other, copy);
      else from.waiting.push(copy);
    });
  };
  let silent = false;
  const newSide = (other?: Socket<Side>): Side => {
    const side: Side = { waiting: [], unsent: [], silent, isClient: !other, hasHeard: true, ...(other && { other }) };
    sides.add(side);
    return side;
  };
  const listener: TCPSocketListener<Side> = Bun.listen<Side>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      async open(client) {
        client.data = newSide();
        const upstream = await Bun.connect<Side>({
          hostname: target.hostname,
          port: Number(target.port || 5432),
          data: newSide(client),
          socket: {
            data: (socket, data) => pass(socket.data, data),
            drain: sendWaiting,
            close: (socket) => void (socket.data.silent || client.end()),
            error: () => {},
            connectError: () => {},
          },
        }).catch(() => undefined);
        if (!upstream) {
          // Where nobody listens there is nobody to talk to.
          client.end();
          return;
        }
        client.data.other = upstream;
        for (const data of client.data.waiting.splice(0)) send(upstream, data);
      },
      data: (socket, data) => pass(socket.data, data),
      drain: sendWaiting,
      close: (socket) => void socket.data.other?.end(),
      error: () => {},
    },
  });
  const url = new URL(address);
  url.host = `127.0.0.1:${listener.port}`;
  return {
    url: url.href,
    roundTrips: () => roundTrips,
    fallSilent: () => {
      silent = true;
      for (const side of sides) side.silent = true;
    },
    open: () => {
      silent = false;
    },
    close: () => listener.stop(true),
  };
}
