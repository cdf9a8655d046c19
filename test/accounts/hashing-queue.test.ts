import { expect, test } from "bun:test";
import { createQueue } from "../../src/accounts/hashing-queue";

/** Work that ends when it is told to. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("the clients who wait to be hashed for take turns", async () => {
  const inTurn = createQueue({ atOnce: 1, waiting: 10, share: 5 });
  const first = held();
  const order: string[] = [];
  const asks = (name: string, client: string | undefined) =>
    inTurn(client === undefined ? undefined : [client], async () => void order.push(name));
  const all = [inTurn(["a"], first.work), asks("a1", "a"), asks("a2", "a"), asks("b1", "b"), asks("own", undefined)];
  await turn();
  expect(order).toEqual([]);
  first.end();
  await Promise.all(all);
  expect(order).toEqual(["a1", "b1", "own", "a2"]);
});

test("no client holds more than its share of the places, and all together no more than there are", async () => {
  const inTurn = createQueue({ atOnce: 1, waiting: 4, share: 2 });
  const first = held();
  const ask = (...client: string[]) => inTurn(client.length > 0 ? client : undefined, async () => "hashed");
  const all: Promise<unknown>[] = [inTurn(["a"], first.work), ask("a"), ask("a")];
  expect(ask("a")).rejects.toThrow("Too many people");
  all.push(ask("b"), ask());
  expect(ask("b")).rejects.toThrow("Too many people");
  first.end();
  await Promise.all(all);
  expect(await ask("a")).toBe("hashed");
});

test("what fails gives its place to the next", async () => {
  const inTurn = createQueue({ atOnce: 1, waiting: 5, share: 2 });
  const failing = inTurn(["a"], () => Promise.reject(new Error("no")));
  const next = inTurn(["b"], async () => "hashed");
  expect(failing).rejects.toThrow("no");
  expect(await next).toBe("hashed");
  expect(await inTurn(["a"], async () => "again")).toBe("again");
});

test("who is in a hundred networks of one site is waited for once, and gives up a place to others", async () => {
  const inTurn = createQueue({ atOnce: 1, waiting: 4, share: 2 });
  const first = held();
  const order: string[] = [];
  const asks = (name: string, ...lanes: string[]) => inTurn(lanes, async () => void order.push(name));
  const head = inTurn(["site", "one"], first.work);
  const kept = [asks("s1", "site", "one"), asks("s2", "site", "two"), asks("s3", "site", "three")];
  const given = asks("s4", "site", "four");
  const honest = asks("honest", "elsewhere");
  expect(given).rejects.toThrow("Too many people");
  expect(asks("s5", "site", "five")).rejects.toThrow("Too many people");
  first.end();
  await Promise.all([head, honest, ...kept]);
  expect(order).toEqual(["s1", "honest", "s2", "s3"]);
});
