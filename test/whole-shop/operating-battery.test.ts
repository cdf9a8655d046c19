import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { newFolder, run, start, startServer } from "../support/program";

setDefaultTimeout(240_000);

const KILLS = Number(process.env["SANSET_TEST_BACKUP_KILLS"] ?? 3);
const SECONDS = Number(process.env["SANSET_TEST_SOAK_SECONDS"] ?? 2);
const WARM_MS = 1_000;

async function seeded(orders: number) {
  const cwd = newFolder();
  const env = { BACKUP_TO: join(cwd, "backups"), TMPDIR: newFolder() };
  const words = ["seed", "--products", "100", "--customers", "60", "--orders", String(orders)];
  expect((await run(words, { cwd, env })).exitCode).toBe(0);
  return { cwd, env };
}

describe("a backup", () => {
  // So many orders that it is not over at once.
  let large: Awaited<ReturnType<typeof seeded>>;
  beforeAll(async () => void (large = await seeded(20_000)));

  const elsewhere = () => ({ ...large, env: { ...large.env, BACKUP_TO: join(newFolder(), "backups") } });

  test(`killed ${KILLS} times in the middle leaves the old one whole and nothing under a final name`, async () => {
    const where = elsewhere();
    const first = JSON.parse((await run(["backup", "create", "--json"], where)).out);
    for (let kill = 0; kill < KILLS; kill++) {
      const before = new Set(readdirSync(where.env.TMPDIR));
      const child = start(["backup", "create"], where);
      const begun = () => readdirSync(where.env.TMPDIR).some((name) => !before.has(name));
      while (!begun() && child.exitCode === null) await Bun.sleep(1);
      await Bun.sleep(kill * 5);
      child.kill("SIGKILL");
      await child.exited;
    }
    const listed = JSON.parse((await run(["backup", "list", "--json"], where)).out) as { id: string }[];
    expect(listed.map(({ id }) => id)).toContain(first.id);
    for (const { id } of listed) {
      expect((await run(["backup", "verify", id], where)).exitCode).toBe(0);
      for (const name of readdirSync(join(where.env.BACKUP_TO, id))) {
        expect(statSync(join(where.env.BACKUP_TO, id, name)).mode & 0o777).toBe(0o600);
      }
    }
    // What a killed one left behind keeps no other from running.
    await Bun.sleep(1_100);
    expect((await run(["backup", "create"], where)).exitCode).toBe(0);
  });

  test("that can be written nowhere says so, exits with 1, and leaves the old one", async () => {
    const where = elsewhere();
    const first = JSON.parse((await run(["backup", "create", "--json"], where)).out);
    // A file where a folder would have to be: as full as a disk can be, for root too.
    const nowhere = { BACKUP_TO: join(where.env.BACKUP_TO, first.id, "manifest.json", "none") };
    const failed = await run(["backup", "create"], { ...where, env: nowhere });
    expect([failed.exitCode, failed.err]).toEqual([1, expect.stringMatching(/\w/)]);
    expect((await run(["backup", "verify"], where)).exitCode).toBe(0);
  });

  test("beside another at once: one is made, the other says so and exits with 1", async () => {
    const where = elsewhere();
    const children = [start(["backup", "create"], where), start(["backup", "create"], where)];
    const ended = await Promise.all(
      children.map(async (child) => ({ code: await child.exited, err: await new Response(child.stderr).text() })),
    );
    const refused = ended.filter(({ code }) => code === 1);
    expect(refused.length).toBeLessThanOrEqual(1);
    for (const { err } of refused) expect(err).toMatch(/backup (is being made|of this very second)/);
    expect((await run(["backup", "verify"], where)).exitCode).toBe(0);
  });
});

describe("migrations", () => {
  test("two at once on an empty database: both end well, and each migration ran once", async () => {
    const cwd = newFolder();
    const ended = await Promise.all([
      run(["migrate", "up", "--json"], { cwd }),
      run(["migrate", "up", "--json"], { cwd }),
    ]);
    const ran = ended.filter(({ exitCode }) => exitCode === 0).flatMap(({ out }) => JSON.parse(out).ran as string[]);
    expect(ran.length).toBe(new Set(ran).size);
    expect(ended.some(({ exitCode }) => exitCode === 0)).toBe(true);
    expect((await run(["migrate", "up"], { cwd })).out).toContain("up to date");
  });
});

describe("training", () => {
  test("while it trains the server answers, and readers see whole models; a second one says that it runs", async () => {
    const where = await seeded(2_000);
    // It is asked for as long as the training lasts, which on a busy machine is more than one client may.
    const server = await startServer({ ...where, env: { ...where.env, RATE_LIMIT: "off" } });
    // Either may be the one that begins.
    const trainings = [start(["retrain", "--force"], where), start(["retrain", "--force"], where)];
    const statuses = new Set<number>();
    while (trainings.some(({ exitCode }) => exitCode === null)) {
      const answers = await Promise.all(
        ["/recommend/popular", "/products/1/similar", "/products?size=5"].map((path) =>
          fetch(`${server.url}/api/v1${path}`),
        ),
      );
      for (const answer of answers) {
        statuses.add(answer.status);
        await answer.json();
      }
      await Bun.sleep(15);
    }
    expect([...statuses]).toEqual([200]);
    expect(trainings.some(({ exitCode }) => exitCode === 0)).toBe(true);
    // One that began after the other had ended trains too; one that did not says who does.
    for (const { exitCode, stderr } of trainings) {
      if (exitCode !== 0)
        expect([exitCode, await new Response(stderr).text()]).toEqual([1, expect.stringContaining("training")]);
    }
    await server.stop();
  });
});

test(`under ${SECONDS} s of steady load memory, open files and the log stay flat`, async () => {
  const where = await seeded(500);
  const server = await startServer(where);
  const look = () => ({
    files: readdirSync(`/proc/${server.child.pid}/fd`).length,
    kilobytes: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, "utf8"))?.[1]),
    log: statSync(join(where.cwd, "data/sanset.db-wal"), { throwIfNoEntry: false })?.size ?? 0,
  });
  const ask = async (until: number) => {
    for (let at = 0; performance.now() < until; at++) {
      const paths = ["/products?size=20", "/search?q=tea", `/products/${(at % 90) + 1}`, "/categories"];
      const answers = await Promise.all(
        paths.map((path) => fetch(`${server.url}/api/v1${path}`, { headers: { "x-forwarded-for": "9.9.9.9" } })),
      );
      for (const answer of answers) await answer.arrayBuffer();
      await Bun.sleep(10);
    }
  };
  await ask(performance.now() + WARM_MS);
  const before = look();
  await ask(performance.now() + SECONDS * 1000);
  const after = look();
  expect(after.files).toBeLessThanOrEqual(before.files + 20);
  expect(after.kilobytes).toBeLessThanOrEqual(before.kilobytes * 1.5 + 50_000);
  expect(after.log).toBeLessThanOrEqual(before.log + 20_000_000);
  await server.stop();
});
