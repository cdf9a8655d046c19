/**
 * A process of its own that takes all mails and webhooks at once, and prints where: the receivers of `bench leaving`. One of
 * them, at /slow, thinks about each for seconds.
 */
const SLOW_MS = 3_000;
let taken = 0;
let slow = 0;
const web = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async ({ url }) => {
    if (url.endsWith("/taken")) return Response.json({ taken, slow });
    if (url.endsWith("/slow")) {
      slow++;
      await Bun.sleep(SLOW_MS);
      return new Response();
    }
    taken++;
    return new Response();
  },
});
const END = "\r\n.\r\n";
const mail = Bun.listen<{ inLetter: boolean; tail: string }>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open: (socket) => {
      socket.data = { inLetter: false, tail: "" };
      socket.write("220 sink\r\n");
    },
    data: (socket, chunk) => {
      const text = chunk.toString();
      if (socket.data.inLetter) {
        // The end may come in two pieces.
        socket.data.tail = (socket.data.tail + text).slice(-END.length);
        if (socket.data.tail !== END) return;
        socket.data.inLetter = false;
        taken++;
        socket.write("250 taken\r\n");
      } else if (text.startsWith("DATA")) {
        socket.data = { inLetter: true, tail: "" };
        socket.write("354 go on\r\n");
      } else if (text.startsWith("QUIT")) socket.end("221 bye\r\n");
      else socket.write("250 fine\r\n");
    },
  },
});
console.log(JSON.stringify({ web: web.port, mail: mail.port }));
