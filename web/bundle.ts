import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file of a page as it is served: called by its content, but for the document. */
export interface BundledFile {
  name: string;
  text: string;
}

/**
 * Bundles a page with all that it loads, for addresses below `at`. Runs as a macro: when the module that calls it is loaded
 * from source, and once for all when the binary is built. A bundler inside a bundler would wait for itself, so it is a process.
 */
export function bundle(page: string, at: string): BundledFile[] {
  const out = mkdtempSync(join(tmpdir(), "sanset-web-"));
  try {
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, "build.ts", page, at, out], {
      // The hashes depend on where the bundler stands.
      cwd: import.meta.dir,
      stdout: "ignore",
      stderr: "pipe",
    });
    if (exitCode !== 0) throw new Error(`The page ${page} can't be bundled: ${stderr.toString()}`);
    return readdirSync(out).map((name) => ({ name, text: readFileSync(join(out, name), "utf8") }));
  } finally {
    rmSync(out, { recursive: true });
  }
}
