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
  const names = "[name]-[hash].[ext]";
  try {
    const { exitCode, stderr } = Bun.spawnSync(
      [
        process.execPath,
        "build",
        page,
        `--outdir=${out}`,
        "--target=browser",
        "--minify",
        "--splitting",
        `--public-path=${at}/`,
        `--entry-naming=${names}`,
        `--chunk-naming=${names}`,
        `--asset-naming=${names}`,
        '--define=process.env.NODE_ENV="production"',
      ],
      // The hashes depend on where the bundler stands.
      { cwd: import.meta.dir, stdout: "ignore", stderr: "pipe" },
    );
    if (exitCode !== 0) throw new Error(`The page ${page} can't be bundled: ${stderr.toString()}`);
    return readdirSync(out).map((name) => ({ name, text: readFileSync(join(out, name), "utf8") }));
  } finally {
    rmSync(out, { recursive: true });
  }
}
