import { describe, expect, test } from "bun:test";
import { hostname } from "node:os";
import { hasEnded, thisProcess } from "../../src/base/process";
import { startRun } from "../../src/recommend/train/runs";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

const runs = (shop: TestShop) =>
  shop.database.all<{ id: number; state: string; note: string | null }>(
    "SELECT id, state, note FROM recommend_runs ORDER BY id",
  );

/** Whether a training begins, or why not. */
const begin = (shop: TestShop) =>
  startRun(shop, "a test", {}).then(
    () => "begins",
    (error: unknown) => String(error),
  );

const heldBy = (shop: TestShop, process: string) =>
  shop.database.transaction((tx) => tx.run("UPDATE recommend_runs SET process = $1", [process]));

describe.each(engines)("a training whose process is gone, on $name", (engine) => {
  test("is noticed at once, and another one begins", async () => {
    const shop = await freshShop(engine);
    await startRun(shop, "admin 7", {});
    const child = Bun.spawn(["true"]);
    await child.exited;
    await heldBy(shop, `${hostname()}/${child.pid}/1`);
    expect(await begin(shop)).toBe("begins");
    expect(await runs(shop)).toMatchObject([{ state: "failed", note: "It was killed." }, { state: "running" }]);
  });

  test("is waited for while it lives, and on another machine while it is heard of; who has to wait is told for whom", async () => {
    const shop = await freshShop(engine, { TIME_ZONE: "Asia/Kolkata" });
    await startRun(shop, "admin 7", {});
    expect(await begin(shop)).toContain(
      `Another training is running since 1 Jan 2030, 14:30, asked for by admin 7, in process ${process.pid} on ${hostname()}.`,
    );
    await heldBy(shop, "elsewhere/1/1");
    shop.pass(120);
    expect(await begin(shop)).toContain("in process 1 on elsewhere.");
    shop.pass(1);
    expect(await begin(shop)).toBe("begins");
  });
});

test("a process that has the number of an ended one is another", () => {
  expect(hasEnded(thisProcess())).toBe(false);
  const [host, pid, began, numbering] = thisProcess().split("/");
  expect(hasEnded(`${host}/${pid}/`)).toBe(false);
  expect(hasEnded(`elsewhere/${pid}/${began}1`)).toBe(false);
  if (began) expect(hasEnded(`${host}/${pid}/${began}1`)).toBe(true);
  expect(Boolean(numbering)).toBe(process.platform === "linux");
  // A container of the same name counts its own processes: what has that number here is not what was meant.
  if (numbering) expect(hasEnded(`${host}/${pid}/${began}1/pid:[1]`)).toBe(false);
  if (began && numbering) expect(hasEnded(`${host}/${pid}/${began}1/${numbering}`)).toBe(true);
});
