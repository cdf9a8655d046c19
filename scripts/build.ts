/**
 * `bun run build`: one program with everything in it, at dist/sanset. `bun run build bun-linux-arm64` builds for another machine.
 * Words after that and the name of the file go to Bun.
 */
import { originOf } from "../cli/origin";

const target = process.argv[2];
const outfile = process.argv[3] ?? (target ? `dist/sanset-${target.replace(/^bun-/, "")}` : "dist/sanset");

// As text: it is read as JSON when it is asked for.
const origin = JSON.stringify(JSON.stringify(originOf(".")));

const { exitCode } = Bun.spawnSync(
  [
    process.execPath,
    "build",
    "cli/main.ts",
    "--compile",
    "--minify",
    "--sourcemap=none",
    // It reads .env itself, and must not run what lies about in the folder where it is started.
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    "--define",
    'process.env.NODE_ENV="production"',
    "--define",
    `process.env.SANSET_ORIGIN=${origin}`,
    ...(target ? [`--target=${target}`] : []),
    ...process.argv.slice(4),
    `--outfile=${outfile}`,
  ],
  { stdio: ["ignore", "inherit", "inherit"] },
);
if (exitCode !== 0) process.exit(exitCode);
console.log(`${outfile}: ${(Bun.file(outfile).size / 1_048_576).toFixed(0)} MB`);
