/** `bun run generate`: writes what is made from the code and checked in. A test of each says when one is behind. */
import { typesOf } from "../client/generate";
import { paymentProviders } from "../src/payments/providers";
import { envExample, settingsPage } from "../src/shop/setting-docs";
import { groupsWith } from "../src/shop/settings";

async function printed(...words: string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, "cli/main.ts", ...words], { stdout: "pipe", stderr: "inherit" });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`sanset ${words.join(" ")} failed.`);
  return text;
}

await Bun.write("docs/routes.md", await printed("routes", "--markdown"));
await Bun.write("client/types.ts", typesOf(JSON.parse(await printed("openapi"))));

const groups = groupsWith(paymentProviders);
await Bun.write(".env.example", envExample(groups));
await Bun.write("docs/settings.md", settingsPage(groups));

const levels = (await Bun.file("docs/levels.txt").text()).split("\n").filter((line) => line && !line.startsWith("#"));
const architecture = await Bun.file("ARCHITECTURE.md").text();
const shown = /(reads:\n\n```\n)[^`]*(```)/;
await Bun.write(
  "ARCHITECTURE.md",
  architecture.replace(shown, (_, before, after) => `${before}${levels.join("\n")}\n${after}`),
);

const decisions = await Array.fromAsync(new Bun.Glob("docs/decisions/0*.md").scan());
const rows = decisions.toSorted().map(async (path) => {
  const name = path.split("/").at(-1) ?? "";
  const heading = (await Bun.file(path).text()).split("\n")[0]?.replace(/^# /, "");
  return `| [${name.slice(0, 4)}](${name}) | ${heading} |`;
});
const index = await Bun.file("docs/decisions/README.md").text();
const table = "|---|---|\n";
await Bun.write(
  "docs/decisions/README.md",
  `${index.slice(0, index.indexOf(table))}${table}${(await Promise.all(rows)).join("\n")}\n`,
);
