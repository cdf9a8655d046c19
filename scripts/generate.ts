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
