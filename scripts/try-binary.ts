/** Tries dist/sanset as an operator would: alone, in an empty folder. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium, openTab } from "../test/support/tab";

const PASSWORD = "correct horse battery";
const folder = mkdtempSync(join(tmpdir(), "sanset-binary-"));
const binary = join(folder, "sanset");
symlinkSync(resolve("dist/sanset"), binary);
const environment = { PATH: "/usr/bin:/bin", HOME: folder, LOG_LEVEL: "warn" };

function run(...words: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([binary, ...words], {
    cwd: folder,
    env: environment,
    stdin: new TextEncoder().encode(`${PASSWORD}\n`),
  });
  if (exitCode !== 0) throw new Error(`sanset ${words.join(" ")} ended with ${exitCode}:\n${stderr.toString()}`);
  return stdout.toString();
}

/** Serves on any free port while `work` goes on, then stops it as an operator would and expects a clean end. */
async function serving(work: (url: string) => Promise<void>): Promise<void> {
  const server = Bun.spawn([binary, "serve", "--port", "0", "--json"], {
    cwd: folder,
    env: environment,
    stderr: "inherit",
  });
  try {
    let said = "";
    for await (const chunk of server.stdout) {
      said += new TextDecoder().decode(chunk);
      if (said.includes("}")) break;
    }
    await work(JSON.parse(said).url);
  } finally {
    server.kill("SIGTERM");
  }
  if ((await server.exited) !== 0) throw new Error(`serve ended with ${server.exitCode} after SIGTERM.`);
}

async function expectOk(url: string, holds: string): Promise<void> {
  const response = await fetch(url);
  const text = await response.text();
  if (response.status !== 200 || !text.includes(holds))
    throw new Error(`${url} answered ${response.status}: ${text.slice(0, 200)}`);
}

/** The pages come out of the binary with all that they load; where there is a browser, an admin signs in and sees the orders. */
async function expectPages(url: string): Promise<void> {
  for (const page of ["admin", "shop"]) {
    const text = await (await fetch(`${url}/${page}`)).text();
    const files = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, address = ""]) => address);
    if (files.length < 2) throw new Error(`/${page} loads nothing: ${text.slice(0, 200)}`);
    for (const file of files) await expectOk(`${url}${file}`, "");
  }
  if (!chromium) return;
  const tab = await openTab(`${url}/admin/orders`);
  await tab.fill("input[name=email]", "asha@example.com");
  await tab.fill("input[name=password]", PASSWORD);
  await tab.press("Enter");
  await tab.has("table.list tbody tr");
  const shop = await openTab(`${url}/shop`);
  await shop.has(".shelf li");
  const wrong = [...tab.wrong, ...shop.wrong];
  if (wrong.length > 0) throw new Error(`The pages went wrong: ${wrong.join("\n")}`);
  Bun.WebView.closeAll();
}

try {
  run("--version");
  run("seed", "--products", "400", "--customers", "60", "--orders", "600");
  run("retrain");
  run("user", "create", "asha@example.com", "--name", "Asha Rao", "--admin", "--password-stdin");
  await serving(async (url) => {
    await expectOk(`${url}/healthz`, "healthy");
    await expectOk(`${url}/readyz`, "ready");
    await expectOk(`${url}/docs`, "swagger");
    await expectOk(`${url}/redoc`, "redoc");
    await expectOk(`${url}/api/v1/openapi.json`, '"openapi"');
    await expectOk(`${url}/api/v1/products?size=1`, '"items"');
    await expectOk(`${url}/api/v1/search?q=tea`, "[{");
    await expectPages(url);
  });
  console.log("The binary works: seed, retrain, user, serve, docs, search, pages, clean end.");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
