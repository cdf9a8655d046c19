import { Command } from "commander";
import { wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";
import { serveUntilStopped } from "./serve";

export const demoCommand = (terminal: Terminal) =>
  new Command("demo")
    .description("make a demo shop, train its recommender and serve it; run again, serve what is there")
    .option("--host <host>", "where to listen (default: HOST, or 127.0.0.1)")
    .option("--port <port>", "which port (default: PORT, or 5000)", wholeNumber(0, 65_535))
    .action((options: { host?: string; port?: number }) =>
      terminal.withShop((shop) => serveUntilStopped(terminal, shop, options)),
    );
