import { join } from "node:path";
import { paymentProviders } from "../src/payments/providers";
import { envExample, settingsPage } from "../src/shop/setting-docs";
import { groupsWith } from "../src/shop/settings";

/** Writes those pages of the docs that follow from the code. Tests compare them with what this would write. */
const root = join(import.meta.dir, "..");
const groups = groupsWith(paymentProviders);
await Bun.write(join(root, ".env.example"), envExample(groups));
await Bun.write(join(root, "docs/settings.md"), settingsPage(groups));
const routes = Bun.spawn([process.execPath, join(root, "cli/main.ts"), "routes", "--markdown"], { stdout: "pipe" });
await Bun.write(join(root, "docs/routes.md"), await new Response(routes.stdout).text());
