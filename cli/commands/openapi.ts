import { Command } from "commander";
import { createApp } from "../../src/app";
import { ShopError } from "../../src/base/errors";
import { about } from "../../src/http/openapi/about";
import { buildOpenApi } from "../../src/http/openapi/build";
import { readEnvironment } from "../../src/shop/environment";
import { loadSettings } from "../../src/shop/load-settings";
import { paymentProviders } from "../../src/payments/providers";
import { openShop } from "../../src/shop/shop";
import type { Database } from "../../src/storage/database";
import type { Terminal } from "../terminal";
import { reasonOfFile } from "../file-words";

export const openapiCommand = ({ print }: Terminal) =>
  new Command("openapi")
    .description("print the API's OpenAPI document, for generators and linters; needs no database")
    .option("--out <file>", "write it there instead")
    .action(async ({ out }: { out?: string }) => {
      const document = apiDocument();
      const text = JSON.stringify(document, undefined, 2);
      if (out === undefined) return print(document, text);
      await write(out, `${text}\n`);
      return print({ out }, `Wrote ${out}.`);
    });

/** Its servers are where PUBLIC_URL says that customers reach the shop. */
const apiDocument = () => buildOpenApi(appOfNoShop(), about, readEnvironment().values["PUBLIC_URL"] || undefined);

/** All routes. What follows from them alone needs no shop to be there: no database, no settings. */
export function appOfNoShop() {
  return createApp(openShop(noDatabase, loadSettings({ SECRET_KEY: crypto.randomUUID() }, paymentProviders)));
}

const noDatabase: Database = {
  engine: "sqlite",
  all: () => refuse(),
  first: () => refuse(),
  transaction: () => refuse(),
  isOverloaded: () => false,
  writesUnderWay: () => 0,
  watchCommits: () => {},
  reportDamage: () => {},
  statementsKept: async () => 0,
  isShared: false,
  version: () => undefined,
  problem: async () => undefined,
  warning: () => undefined,
  hasReplica: false,
  onReplica: (_, work) => work(),
  onPrimary: (work) => work(),
  close: async () => {},
};

async function refuse(): Promise<never> {
  throw new Error("The document is made without a database.");
}

async function write(file: string, text: string): Promise<void> {
  try {
    await Bun.write(file, text);
  } catch (cause) {
    throw new ShopError(
      "unusable",
      `${file} can't be written: ${reasonOfFile(cause) ?? String(cause)}.`,
      {},
      { cause },
    );
  }
}
