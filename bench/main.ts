/** `bun run bench NAME …`: measures one thing and holds it against its limits. Exits with 1 when a limit is missed. */
import { Glob } from "bun";

const own = new Set([
  "main",
  "harness",
  "load",
  "servers",
  "checkout-shop",
  "leaving-sink",
  "pgbench",
  "statements-of-checkout",
]);
const names = [...new Glob("*.ts").scanSync({ cwd: import.meta.dir })]
  .map((file) => file.replace(/\.ts$/, ""))
  .filter((name) => !own.has(name) && !name.startsWith("bare-"))
  .toSorted();

const [name, ...words] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`Say which: bun run bench ${names.join(" | ")}`);
  process.exit(2);
}

const { run } = (await import(`./${name}.ts`)) as { run(words: string[]): Promise<boolean> };
process.exit((await run(words)) ? 0 : 1);
