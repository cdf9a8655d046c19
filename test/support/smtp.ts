/** The least of an SMTP server, without TLS: it takes one letter and keeps the whole conversation. */
export function startSmtpServer() {
  const { promise: received, resolve } = Promise.withResolvers<string>();
  let said = "";
  let inLetter = false;
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => void socket.write("220 test\r\n"),
      data: (socket, chunk) => {
        const text = chunk.toString();
        said += text;
        if (inLetter) {
          if (!said.endsWith("\r\n.\r\n")) return;
          inLetter = false;
          socket.write("250 taken\r\n");
          resolve(said);
          return;
        }
        inLetter = text.startsWith("DATA");
        if (text.startsWith("QUIT")) socket.end("221 bye\r\n");
        else if (text.startsWith("STARTTLS")) socket.write("502 unknown\r\n");
        else socket.write(inLetter ? "354 go on\r\n" : "250 fine\r\n");
      },
    },
  });
  return { port: server.port, received, said: () => said, stop: () => server.stop(true) };
}
