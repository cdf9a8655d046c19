import { describe, expect, test } from "bun:test";
import { BodyBudget } from "../../src/http/body-budget";

const MEGABYTE = 1_048_576;

/** A body that is under way until it is told to end. */
function sending(budget: BodyBudget, client: string, bytes: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = budget.within(client, async (setAside) => {
    setAside(bytes);
    await promise;
  });
  return { done, end: resolve };
}

describe("bodies that are under way", () => {
  test("are two megabytes of one client, and another client's do not count", async () => {
    const budget = new BodyBudget();
    const first = sending(budget, "192.0.2.1", MEGABYTE);
    const second = sending(budget, "192.0.2.1", MEGABYTE);
    expect(sending(budget, "192.0.2.1", 1).done).rejects.toThrow("Too much is being sent");
    const other = sending(budget, "192.0.2.2", 2 * MEGABYTE);
    first.end();
    await first.done;
    const next = sending(budget, "192.0.2.1", MEGABYTE);
    for (const body of [second, other, next]) {
      body.end();
      await body.done;
    }
  });

  test("are sixty-four megabytes in all", async () => {
    const budget = new BodyBudget();
    const bodies = Array.from({ length: 32 }, (_, client) => sending(budget, `192.0.2.${client}`, 2 * MEGABYTE));
    const refused = sending(budget, "198.51.100.1", 1);
    expect(refused.done).rejects.toThrow("Too much is being sent");
    for (const body of bodies) {
      body.end();
      await body.done;
    }
    const again = sending(budget, "198.51.100.1", 2 * MEGABYTE);
    again.end();
    await again.done;
  });

  test("count as they come, and no more once they failed", async () => {
    const budget = new BodyBudget();
    const failing = budget.within("192.0.2.1", (setAside) => {
      setAside(2 * MEGABYTE);
      return Promise.reject(new Error("The line is gone."));
    });
    expect(failing).rejects.toThrow("The line is gone.");
    await failing.catch(() => {});
    const other = sending(budget, "192.0.2.1", 1);
    const whole = budget.within("192.0.2.1", async (setAside) => {
      setAside(MEGABYTE);
      setAside(MEGABYTE);
    });
    expect(whole).rejects.toThrow("Too much is being sent");
    await whole.catch(() => {});
    other.end();
    await other.done;
    await budget.within("192.0.2.1", async (setAside) => setAside(2 * MEGABYTE));
  });

  test("are as large as their route lets them be where a client sends but one", async () => {
    const budget = new BodyBudget();
    await budget.within("192.0.2.1", async (setAside) => setAside(10 * MEGABYTE));
    const vast = budget.within("192.0.2.1", async (setAside) => setAside(65 * MEGABYTE));
    expect(vast).rejects.toThrow("Too much is being sent");
    await vast.catch(() => {});
  });
});
