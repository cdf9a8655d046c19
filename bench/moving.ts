import { SQL } from "bun";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ownPostgres } from "../test/support/own-postgres";
import { type Figure, report } from "./harness";
import { environmentIn, inFolder, sanset } from "./servers";

/** Of the seeded shop; MOVING_ORDERS asks for another number. */
const ORDERS = Number(process.env["MOVING_ORDERS"] ?? 1_000_000);
const RETAIL = join(import.meta.dir, "../../shared/data/online-retail.csv.zst");

/** How a shop comes to be in a folder, by its name. */
const SHOPS: Record<string, (folder: string) => Promise<unknown>> = {
  retail: async (folder) => {
    const file = join(folder, "retail.csv");
    await Bun.write(file, await Bun.zstdDecompress(await Bun.file(RETAIL).bytes()));
    return sanset(folder, "import", "orders", file);
  },
  seeded: (folder) =>
    sanset(
      folder,
      "seed",
      "--products",
      "3700",
      "--customers",
      String(Math.ceil(ORDERS / 10)),
      "--orders",
      String(ORDERS),
    ),
};

interface Copied {
  rows: number;
  seconds: number;
  tables: { name: string; rows: number; checksum: string }[];
}

/**
 * `sanset database copy` from SQLite to PostgreSQL and back again: the imported retail shop, and a seeded one. `words` name one of
 * the two, or none for both. The last copy has the same rows and checksums as the first, table by table.
 */
export async function run(words: string[]): Promise<boolean> {
  const names = Object.keys(SHOPS).filter((name) => words.length === 0 || words.includes(name));
  const unknown = words.filter((word) => !(word in SHOPS));
  if (unknown.length > 0) throw new Error(`There is no shop ${unknown.join()}: ${Object.keys(SHOPS).join(", ")}.`);
  // As an operator's: what is written is on disk.
  const postgres = await ownPostgres(["fsync=on", "shared_buffers=256MB", "max_wal_size=4GB"]);
  try {
    const figures: Figure[] = [];
    for (const name of names) {
      if (name === "retail" && !existsSync(RETAIL)) {
        console.error("The retail file is not beside the project (../shared/data).");
        continue;
      }
      figures.push(...(await inFolder((folder) => thereAndBack(name, folder, postgres.url))));
    }
    return report("A shop to PostgreSQL and back", figures);
  } finally {
    await postgres.remove();
  }
}

async function thereAndBack(name: string, folder: string, server: string): Promise<Figure[]> {
  await SHOPS[name]?.(folder);
  const admin = new SQL(server, { max: 1 });
  await admin.unsafe(`CREATE DATABASE ${name}`);
  await admin.close();
  const here = environmentIn(folder)["DATABASE_URL"] ?? "";
  const there = server.replace(/\/postgres$/, `/${name}`);
  const copy = async (from: string, to: string) =>
    JSON.parse(await sanset(folder, "database", "copy", "--from", from, "--to", to, "--json")) as Copied;
  const [out, back] = [await copy(here, there), await copy(there, `sqlite:///${join(folder, "back.db")}`)];
  const sums = new Map(back.tables.map((one) => [one.name, `${one.rows} ${one.checksum}`]));
  const differ = out.tables.filter((one) => sums.get(one.name) !== `${one.rows} ${one.checksum}`);
  return [
    { name: `${name}: rows`, measured: out.rows, unit: "" },
    ...["to PostgreSQL", "back to SQLite"].flatMap((way, at): Figure[] => {
      const { rows, seconds } = at === 0 ? out : back;
      return [
        { name: `${name}, ${way}`, measured: seconds, unit: "s" },
        { name: "rows a second, copied, compared and indexed", measured: rows / seconds, unit: "/s" },
      ];
    }),
    { name: `${name}: tables that differ`, measured: differ.length, unit: "", limit: { atMost: 0 } },
  ];
}
