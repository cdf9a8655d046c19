import { Command, InvalidArgumentError } from "commander";
import { ShopError } from "../../src/base/errors";
import { copyMedia, openMedia } from "../../src/media/files";
import { renewIndex } from "../../src/search/renewal";
import { databaseAddress } from "../../src/shop/setting-kinds";
import { openShop } from "../../src/shop/shop";
import { isInUse } from "../../src/storage/copy";
import { isUpToDate, migrate } from "../../src/storage/migrate";
import { type DatabaseAddress, openDatabase } from "../../src/storage/open";
import { isUnderTransfer } from "../../src/storage/tables";
import { countRows, transfer, type TransferReport } from "../../src/storage/transfer/transfer";
import { placeOf } from "../opening";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const databaseCommand = (terminal: Terminal) =>
  new Command("database").description("move the shop from one database to another").addCommand(copyCommand(terminal));

const copyCommand = (terminal: Terminal) =>
  new Command("copy")
    .description("copy all of a shop into an empty database of either engine, and compare both")
    .requiredOption("--from <url>", "where the shop is; it must not be served meanwhile", address)
    .requiredOption("--to <url>", "an empty database, or one that a copy was broken off into", address)
    .addHelpText(
      "after",
      "\nExamples:\n  sanset database copy --from sqlite:///./data/sanset.db \\\n    --to postgres://shop@db.example/shop\n  sanset database copy --from postgres://shop@db.example/shop \\\n    --to sqlite:///./back.db",
    )
    .action(({ from, to }: { from: DatabaseAddress; to: DatabaseAddress }) => copyShop(terminal, from, to));

const GO_ON = "Run it again: it goes on from there. Until it is done, no shop is served from the copy.";

async function copyShop(terminal: Terminal, from: DatabaseAddress, to: DatabaseAddress): Promise<void> {
  if (await isInUse(from)) {
    throw new ShopError("conflict", `A program has ${placeOf(from)} open. Stop the shop, then copy it.`);
  }
  const source = await openDatabase(from, { create: false });
  try {
    if (!(await isUpToDate(source))) {
      throw new ShopError("unusable", `${placeOf(from)} waits for its migrations: run sanset migrate up there first.`);
    }
    const target = await openDatabase(to);
    try {
      if (!(await isUnderTransfer(target))) await migrate(target);
      const total = await countRows(source);
      const bars = { copying: terminal.progress("Copying", GO_ON), comparing: terminal.progress("Comparing", GO_ON) };
      const done = { copying: 0, comparing: 0 };
      const startedAt = performance.now();
      const report = await transfer(source, target, (step, rows) => {
        done[step] += rows;
        bars[step].update(done[step], total);
      });
      const shop = openShop(target, terminal.settings());
      await renewIndex(shop);
      const settings = terminal.settings();
      const mediaOf = (databaseUrl: DatabaseAddress) => openMedia({ ...settings, databaseUrl });
      const pictures = await copyMedia(mediaOf(from), mediaOf(to));
      const seconds = (performance.now() - startedAt) / 1000;
      terminal.print({ ...report, pictures, seconds }, reportText({ ...report, pictures }, seconds, placeOf(to)));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function reportText(
  { tables, rows, pictures }: TransferReport & { pictures: number },
  seconds: number,
  place: string,
): string {
  const filled = tables.filter((one) => one.rows > 0);
  const perSecond = Math.round(rows / seconds).toLocaleString("en");
  return [
    table(
      ["TABLE", "ROWS", "CHECKSUM"],
      filled.map((one) => [one.name, one.rows.toLocaleString("en"), one.checksum]),
    ),
    "",
    `${rows.toLocaleString("en")} rows are in ${place}, the same as before: ${seconds.toFixed(1)} s, ${perSecond} rows a second.`,
    ...(pictures > 0 ? [`So are its pictures: ${pictures.toLocaleString("en")}.`] : []),
  ].join("\n");
}

function address(url: string): DatabaseAddress {
  const read = databaseAddress().schema.safeParse(url);
  if (!read.success) throw new InvalidArgumentError(`it ${read.error.issues[0]?.message ?? "is no address"}.`);
  return read.data;
}
