import type { Job } from "../jobs/registry";
import type { Shop } from "../shop/shop";

export const backupJobs: readonly Job[] = [
  {
    name: "backup",
    schedule: ({ backupSchedule }) => (backupSchedule === "off" ? "off" : { cron: backupSchedule }),
    work: backUpInBackground,
  },
];

/** In a process of its own: copying and compressing a large database would hold up every request of this one. */
async function backUpInBackground({ command, settings: { databaseUrl } }: Shop, stopping: AbortSignal): Promise<void> {
  if (!command) throw new Error("This shop does not know how to run its own program.");
  const address = databaseUrl.engine === "postgres" ? databaseUrl.url : `sqlite:///${databaseUrl.path}`;
  const child = Bun.spawn([...command, "backup", "create", "--prune"], {
    env: { ...process.env, DATABASE_URL: address },
    stdio: ["ignore", "ignore", "pipe"],
    signal: stopping,
  });
  const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (code !== 0 && !stopping.aborted) throw new Error(said.trim().slice(-1_000));
}
