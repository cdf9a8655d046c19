import { describe, expect, test } from "bun:test";
import { recordAlone } from "../../src/audit/audit";
import { pruneAudit } from "../../src/audit/pruning";
import { recordStranger, writeCounts } from "../../src/audit/strangers";
import { clientOf } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

interface Entry {
  at: string;
  action: string;
  address: string | null;
  details: Record<string, unknown>;
}

async function entriesOf(shop: TestShop, action: string): Promise<Entry[]> {
  const rows = await shop.database.all<Omit<Entry, "details"> & { details: unknown }>(
    "SELECT at, action, address, details FROM audit WHERE action = $1 ORDER BY id",
    [action],
  );
  return rows.map((row) => ({
    ...row,
    details: (typeof row.details === "string" ? JSON.parse(row.details) : row.details) as Entry["details"],
  }));
}

const knock = (shop: TestShop, address: string, action = "sign_in_failed") =>
  recordStranger(shop, { action, origin: { address, request_id: null } });

describe.each(engines)("what strangers cause in the audit on $name", (engine) => {
  test("ten entries of a client are written in an hour, and the rest as one with their number when it is over", async () => {
    const shop = await freshShop(engine);
    for (let knocks = 0; knocks < 25; knocks++) await knock(shop, "192.0.2.1");
    await knock(shop, "192.0.2.2");
    expect(await entriesOf(shop, "sign_in_failed")).toHaveLength(11);
    shop.pass(3_599);
    await writeCounts(shop);
    expect(await entriesOf(shop, "sign_in_failed")).toHaveLength(11);
    shop.pass(1);
    await writeCounts(shop);
    const entries = await entriesOf(shop, "sign_in_failed");
    expect(entries).toHaveLength(12);
    expect(entries.at(-1)).toMatchObject({
      address: "192.0.2.1",
      details: { more: 15, since: "2030-01-01T09:00:00.000Z" },
    });
    await writeCounts(shop);
    expect(await entriesOf(shop, "sign_in_failed")).toHaveLength(12);
  });

  test("the next hour of a client is another, and so is another kind of event", async () => {
    const shop = await freshShop(engine);
    for (let knocks = 0; knocks < 12; knocks++) await knock(shop, "192.0.2.1");
    await knock(shop, "192.0.2.1", "password_reset_failed");
    expect(await entriesOf(shop, "password_reset_failed")).toHaveLength(1);
    shop.pass(3_600);
    await knock(shop, "192.0.2.1");
    const entries = await entriesOf(shop, "sign_in_failed");
    expect(entries.map(({ details }) => details["more"])).toEqual([
      ...Array.from({ length: 10 }, () => undefined),
      2,
      undefined,
    ]);
  });

  test("all of an IPv6 /48 is one client, and a thousand entries of one kind are written in all", async () => {
    const shop = await freshShop(engine);
    for (let network = 0; network < 20; network++) await knock(shop, `2001:db8:7:${network.toString(16)}::1`);
    expect(await entriesOf(shop, "sign_in_failed")).toHaveLength(10);
    for (let client = 0; client < 1_200; client++) await knock(shop, `10.1.${client >> 8}.${client & 255}`);
    expect(await entriesOf(shop, "sign_in_failed")).toHaveLength(1_000);
  }, 60_000);

  test("beyond two thousand clients what they do is counted together", async () => {
    const shop = await freshShop(engine);
    for (let client = 0; client < 2_500; client++) await knock(shop, `10.2.${client >> 8}.${client & 255}`);
    shop.pass(3_600);
    await writeCounts(shop);
    const counts = (await entriesOf(shop, "sign_in_failed")).filter(({ details }) => details["more"] !== undefined);
    expect(counts.reduce((sum, { details }) => sum + Number(details["more"]), 0)).toBe(1_500);
    expect(counts.find(({ address }) => address === null)?.details["more"]).toBeGreaterThanOrEqual(500);
  }, 60_000);

  test("made-up tokens for a new password do not fill it", async () => {
    const shop = await freshShop(engine);
    for (let tries = 0; tries < 30; tries++) {
      const answer = await clientOf(shop).post("/auth/password/reset", {
        token: `no ${tries}`,
        new_password: "correct horse",
      });
      expect(answer.status).toBe(422);
    }
    expect(await entriesOf(shop, "password_reset_failed")).toHaveLength(10);
  });
});

const actions = async (shop: TestShop) =>
  (await shop.database.all<{ action: string }>("SELECT action FROM audit ORDER BY id")).map(({ action }) => action);

describe.each(engines)("pruning the audit on $name", (engine) => {
  const filled = async () => {
    const shop = await freshShop(engine);
    await recordAlone(shop, { action: "the oldest" });
    shop.pass(86_400);
    await recordAlone(shop, { action: "an old one" });
    shop.pass(86_400 * 100);
    await recordAlone(shop, { action: "a new one" });
    return shop;
  };

  test("deletes what is older, and writes down that it did", async () => {
    const shop = await filled();
    expect(await pruneAudit(shop, "2030-01-02T09:00:00.000Z")).toBe(1);
    expect(await actions(shop)).toEqual(["an old one", "a new one", "audit_pruned"]);
    const [pruned] = await entriesOf(shop, "audit_pruned");
    expect(pruned?.details).toEqual({ before: "2030-01-02T09:00:00.000Z", pruned: 1 });
    expect(await pruneAudit(shop, "2030-01-02T09:00:00.000Z")).toBe(0);
    expect(await actions(shop)).toHaveLength(3);
  });

  test("deletes thousands in several transactions", async () => {
    const shop = await freshShop(engine);
    await shop.database.transaction(async (tx) => {
      for (let entry = 0; entry < 2_001; entry++) {
        await tx.run("INSERT INTO audit (at, action, details) VALUES ($1, 'old', $2)", [
          shop.now().toISOString(),
          "{}",
        ]);
      }
    });
    shop.pass(86_400 * 100);
    expect(await pruneAudit(shop, "2030-01-02T00:00:00.000Z")).toBe(2_001);
  }, 60_000);

  test("finds what is old behind more than a transaction's worth of what is not", async () => {
    const shop = await freshShop(engine);
    await shop.database.transaction(async (tx) => {
      // Of a day on which the clock was wrong.
      for (let entry = 0; entry < 2_001; entry++)
        await tx.run("INSERT INTO audit (at, action, details) VALUES ('2099-01-01', 'odd', $1)", ["{}"]);
    });
    await recordAlone(shop, { action: "an old one" });
    shop.pass(86_400 * 100);
    expect(await pruneAudit(shop, "2030-01-02T09:00:00.000Z")).toBe(1);
    expect(await entriesOf(shop, "an old one")).toEqual([]);
  }, 60_000);

  test("keeps the last ninety days, to the very day", async () => {
    const shop = await filled();
    const youngest = new Date(shop.now().getTime() - 90 * 86_400_000);
    const later = new Date(youngest.getTime() + 1).toISOString();
    expect(pruneAudit(shop, later)).rejects.toThrow("keeps the last 90 days");
    expect(await pruneAudit(shop, youngest.toISOString())).toBe(2);
  });

  test("lets nothing else be deleted or changed, also while it goes on", async () => {
    const shop = await filled();
    const attempts = [
      "DELETE FROM audit",
      "DELETE FROM audit WHERE action = 'a new one'",
      "UPDATE audit SET action = 'another' WHERE action = 'the oldest'",
    ];
    for (const sql of attempts) {
      expect(shop.database.transaction((tx) => tx.run(sql))).rejects.toThrow("only added to");
      const opened = shop.database.transaction(async (tx) => {
        await tx.run("INSERT INTO audit_pruning (id, before) VALUES (1, '2030-01-02T09:00:00.000Z')");
        await tx.run(sql);
      });
      expect(opened).rejects.toThrow("only added to");
    }
    expect(await actions(shop)).toEqual(["the oldest", "an old one", "a new one"]);
  });

  test("is a command, and listing goes on being what sanset audit does", async () => {
    const shop = await filled();
    const pruned = await runCommand(shop, ["audit", "prune", "--before", "2030-01-01"]);
    expect(pruned.answer).toEqual({ before: "2030-01-01T23:59:59.999Z", pruned: 1 });
    expect((await runCommand(shop, ["audit", "--limit", "1"])).answer).toHaveLength(1);
    expect((await runCommand(shop, ["audit", "list", "--action", "a new one"])).answer).toMatchObject([
      { action: "a new one" },
    ]);
  });
});
