import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderOf } from "../storage/place";

interface Where {
  databaseUrl: { engine: "sqlite"; path: string } | { engine: "postgres" };
}

const PAGES_MOST = 200;

/** Where a shop in development keeps letters as pages that one can open: beside its database, where that is a file. */
export function mailPagesFolder({ databaseUrl }: Where): string | undefined {
  const beside = folderOf(databaseUrl);
  return beside === undefined ? undefined : join(beside, "mails");
}

/** Writes a letter where a developer can open it, throws out the oldest, and returns its file. */
export function keepMailPage(folder: string, subject: string, html: string): string {
  mkdirSync(folder, { recursive: true });
  const name = subject
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60);
  const time = new Date().toISOString().replaceAll(":", "-");
  const file = join(folder, `${time}-${crypto.randomUUID().slice(0, 8)}-${name}.html`);
  writeFileSync(file, html);
  for (const page of pagesIn(folder).slice(0, -PAGES_MOST)) rmSync(page, { force: true });
  return file;
}

/** Removes the letters that have one of these words in them. */
export function removeMailPages(where: Where, words: readonly string[]): void {
  const folder = mailPagesFolder(where);
  if (folder === undefined || !existsSync(folder)) return;
  for (const page of pagesIn(folder)) {
    const text = readFileSync(page, "utf8");
    if (words.some((word) => text.includes(Bun.escapeHTML(word)) || text.includes(word))) rmSync(page, { force: true });
  }
}

/** The oldest first. */
function pagesIn(folder: string): string[] {
  const pages = readdirSync(folder).filter((page) => page.endsWith(".html"));
  return pages.toSorted().map((page) => join(folder, page));
}
