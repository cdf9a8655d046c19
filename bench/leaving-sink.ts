/** A process of its own that takes all mails and webhooks at once, and prints where: the receivers of `bench leaving`. */
let taken = 0;
const web = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: ({ url }) => {
    if (url.endsWith("/taken")) return new Response(String(taken));
    taken++;
    return new Response();
  },
});
const mail = Bun.listen<{ inLetter: boolean }>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open: (socket) => {
      socket.data = { inLetter: false };
      socket.write("220 sink\r\n");
    },
    data: (socket, chunk) => {
      const text = chunk.toString();
      if (socket.data.inLetter) {
        if (!text.endsWith("\r\n.\r\n")) return;
        socket.data.inLetter = false;
        taken++;
        socket.write("250 taken\r\n");
      } else if (text.startsWith("DATA")) {
        socket.data.inLetter = true;
        socket.write("354 go on\r\n");
      } else if (text.startsWith("QUIT")) socket.end("221 bye\r\n");
      else socket.write("250 fine\r\n");
    },
  },
});
console.log(JSON.stringify({ web: web.port, mail: mail.port }));
