import { describe, expect, test } from "bun:test";
import { type Payer, Turns } from "../../src/base/turns";

/** Works for so long; waiting for the processor is no work. */
const hold = (ms: number): void => {
  const { user, system } = process.threadCpuUsage();
  for (;;) {
    const now = process.threadCpuUsage({ user, system });
    if (now.user + now.system >= ms * 1_000) return;
  }
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** In a turn of the event loop that has done its little already, so that whatever comes has to wait. */
function busyTurns(): Turns {
  const turns = new Turns();
  void turns.take({ lanes: () => ["the first"] });
  hold(9);
  return turns;
}

describe("turns", () => {
  test("go round the lanes, and within one by who came first", async () => {
    const turns = busyTurns();
    const begun: string[] = [];
    const take = async (name: string, lane: string) => {
      await turns.take({ lanes: () => [lane] });
      begun.push(name);
    };
    await Promise.all([
      take("a1", "a"),
      take("a2", "a"),
      take("a3", "a"),
      take("b1", "b"),
      take("c1", "c"),
      take("b2", "b"),
    ]);
    expect(begun).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
  });

  test("come after the turn of the event loop in which a call arrived, once that has done its little", async () => {
    const turns = new Turns();
    const order: string[] = [];
    expect(turns.take({ lanes: () => ["a"] })).toBeUndefined();
    hold(9);
    const taken = turns.take({ lanes: () => ["a"] })?.then(() => order.push("begun"));
    for (let at = 0; at < 5; at++) await Promise.resolve();
    order.push("arrived");
    await taken;
    expect(order).toEqual(["arrived", "begun"]);
  });

  test("are not waited for where little is done, and again once this turn of the event loop is over", async () => {
    const turns = new Turns();
    expect(turns.take({ lanes: () => ["a"] })).toBeUndefined();
    hold(9);
    await turns.take({ lanes: () => ["a"] });
    await turn();
    await turn();
    expect(turns.take({ lanes: () => ["a"] })).toBeUndefined();
  });

  test("let timers and others pass between calls that take long", async () => {
    const turns = busyTurns();
    const order: string[] = [];
    setTimeout(() => order.push("timer"), 1);
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        await turns.take({ lanes: () => ["a"] });
        hold(10);
        order.push("call");
      }),
    );
    expect(order.slice(0, 3)).toContain("timer");
    expect(order.filter((name) => name === "call")).toHaveLength(10);
  });

  test("charge each payer for what its call took until it first waited", async () => {
    const turns = busyTurns();
    const charged: Record<string, number> = { quick: 0, long: 0, waiting: 0 };
    const payer = (name: string): Payer => ({ lanes: () => [name], charge: (ms) => (charged[name] = ms) });
    const call = async (name: string, work: () => unknown) => {
      await turns.take(payer(name));
      await work();
    };
    await Promise.all([call("quick", () => {}), call("long", () => hold(40)), call("waiting", () => Bun.sleep(60))]);
    await turn();
    await turn();
    // The processor's clock, which it was held by, and the one on the wall differ by a little.
    expect(charged["long"]).toBeGreaterThanOrEqual(39);
    expect(charged["quick"]).toBeLessThan(40);
    expect(charged["waiting"]).toBeLessThan(60);
    expect(charged["quick"]).toBeGreaterThan(0);
  });

  test("charge nobody for a processor that others had", async () => {
    const turns = busyTurns();
    let charged = 0;
    await turns.take({ lanes: () => ["a"], charge: (ms) => (charged += ms) });
    // Stands for a program beside this one that takes the processor: the loop is held, and nothing is worked.
    Bun.sleepSync(300);
    await turn();
    await turn();
    expect(charged).toBeGreaterThan(0);
    expect(charged).toBeLessThan(150);
  });

  test("are refused to the call that is one too many in its lane, and not to another lane", async () => {
    const turns = busyTurns();
    const waiting = Array.from({ length: 256 }, () => Promise.resolve(turns.take({ lanes: () => ["a"] })));
    expect(() => turns.take({ lanes: () => ["a"] })).toThrow("Too much is going on");
    await turns.take({ lanes: () => ["b"] });
    await Promise.all(waiting);
    await turns.take({ lanes: () => ["a"] });
  });

  test("go round the sites first, and within one round its networks", async () => {
    const turns = busyTurns();
    const begun: string[] = [];
    const take = async (name: string, ...lanes: string[]) => {
      await turns.take({ lanes: () => lanes });
      begun.push(name);
    };
    await Promise.all([
      take("a1", "a", "1"),
      take("a2", "a", "2"),
      take("a3", "a", "3"),
      take("b1", "b"),
      take("a4", "a", "1"),
    ]);
    expect(begun).toEqual(["a1", "b1", "a2", "a3", "a4"]);
  });

  test("are given up by who has most that wait, where there are four thousand, to somebody else", async () => {
    const turns = busyTurns();
    const take = (...lanes: string[]) => Promise.resolve(turns.take({ lanes: () => lanes }));
    const site = Array.from({ length: 4_096 }, (_, at) => take("site", `network ${at % 64}`));
    expect(() => turns.take({ lanes: () => ["site", "network 64"] })).toThrow("Too much is going on");
    const honest = take("elsewhere");
    const outcomes = await Promise.allSettled(site);
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
    await honest;
  });

  test("are refused to all beyond four thousand, whatever their lane", async () => {
    const turns = busyTurns();
    const waiting = Array.from({ length: 4_096 }, (_, at) =>
      Promise.resolve(turns.take({ lanes: () => [`lane ${at}`] })),
    );
    expect(() => turns.take({ lanes: () => ["another"] })).toThrow("Too much is going on");
    await Promise.all(waiting);
    await turns.take({ lanes: () => ["another"] });
  });

  test("are given up in the middle of long work, which goes on in its lane and is charged for all of it", async () => {
    const turns = busyTurns();
    const order: string[] = [];
    let charged = 0;
    const long = async () => {
      await turns.take({ lanes: () => ["a"], charge: (ms) => (charged += ms) });
      for (let piece = 1; piece <= 3; piece++) {
        hold(15);
        order.push(`a${piece}`);
        await turns.yield();
      }
    };
    const quick = async () => {
      await turns.take({ lanes: () => ["b"] });
      order.push("b");
    };
    await Promise.all([long(), quick()]);
    await turn();
    await turn();
    expect(order).toEqual(["a1", "b", "a2", "a3"]);
    expect(charged).toBeGreaterThanOrEqual(45);
  });

  test("are given up by work that nobody pays for with the next turn of the event loop", async () => {
    const turns = new Turns();
    let passed = false;
    setImmediate(() => (passed = true));
    await turns.yield();
    expect(passed).toBe(true);
  });
});
