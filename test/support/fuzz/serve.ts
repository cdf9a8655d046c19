/**
 * Serves the floor that every sequence of the fuzzer starts from, so that the lines of a failing one can be pasted:
 * `bun run fuzz:floor`, or `bun run fuzz:floor postgres`. Each start is a fresh one, until Ctrl-C.
 */
import { engines } from "../engines";
import { LETTERS } from "./curl";
import { layFloors } from "./floor";

const wanted = process.argv[2] ?? "sqlite";
const engine = engines.find(({ name }) => name === wanted);
if (!engine) throw new Error(`There is no ${wanted} here: ${engines.map(({ name }) => name).join(", ")}.`);

const floors = await layFloors(engine);
const floor = await floors.open();
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 5000,
  fetch(request) {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(LETTERS)) return floor.app.handle(request);
    const letter = floor.letters.findLast(({ to }) => to === pathname.slice(LETTERS.length));
    return new Response(letter?.token ?? "", { status: letter ? 200 : 404 });
  },
});
console.log(`A fresh floor on ${wanted} is open at http://127.0.0.1:${server.port}. Ctrl-C ends it.`);

await new Promise((resolve) => {
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
});
await server.stop(true);
await floor.close();
await floors.remove();
