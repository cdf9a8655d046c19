import type { Shop } from "../src/shop/shop";

/**
 * Tells systemd that the shop answers, where it wants to be told (Type=notify): until then a start is not done, and what comes after
 * waits. By its own program, since no socket of Bun speaks to it; the unit must say NotifyAccess=all. Where that is not to be had
 * the log says so, and the shop serves all the same.
 */
export async function tellReady({ log }: Pick<Shop, "log">): Promise<void> {
  if (!process.env["NOTIFY_SOCKET"]) return;
  try {
    const child = Bun.spawn(["systemd-notify", "--ready"], { stdio: ["ignore", "ignore", "pipe"] });
    const said = await new Response(child.stderr).text();
    if ((await child.exited) !== 0) throw new Error(said.trim());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log("warn", "systemd could not be told that the shop answers: it may wait for that.", { error: reason });
  }
}
