import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { giveAway } from "./own-postgres";

/** A disk of a few megabytes, in memory, that can be filled. */
export interface SmallDisk {
  /** Of the user that a PostgreSQL server of ours runs as. */
  folder: string;
  fill(): void;
  empty(): void;
  remove(): void;
}

const runs = (...command: string[]) => Bun.spawnSync(command, { stdout: "ignore", stderr: "ignore" }).exitCode === 0;

/** Undefined where this user may mount nothing, as in most containers. */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  const mounted = mkdtempSync(join(tmpdir(), "sanset-disk-"));
  if (!runs("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", mounted)) {
    rmSync(mounted, { recursive: true });
    return undefined;
  }
  chmodSync(mounted, 0o755);
  const folder = join(mounted, "tables");
  mkdirSync(folder);
  giveAway(folder);
  const filler = join(mounted, "filler");
  return {
    folder,
    // It fails when there is no space left, which is what is wanted.
    fill: () => void runs("dd", "if=/dev/zero", `of=${filler}`, "bs=4096"),
    empty: () => rmSync(filler, { force: true }),
    remove: () => {
      // Lazily, since somebody may have a file open there.
      runs("umount", "--lazy", mounted);
      rmSync(mounted, { recursive: true, force: true });
    },
  };
}
