import { chmodSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { giveToFoldersOwner, makeFolder } from "../base/owner";
import type { Settings } from "./settings";
import { folderOf } from "../storage/place";

/** The key that signs tokens, then those that did before it: tokens signed with them are good until they expire. */
export function signingKeys(settings: Settings): string[] {
  const { secretKeyPrevious } = settings;
  return [signingKey(settings), ...(secretKeyPrevious === undefined ? [] : [secretKeyPrevious])];
}

/** The key that signs tokens: the one that is set, or in development one that is made once and kept beside the database. */
export function signingKey(settings: Settings): string {
  return settings.secretKey ?? keptKey(secretFile(settings));
}

function secretFile({ databaseUrl }: Settings): string {
  return join(folderOf(databaseUrl) ?? "", "secret.key");
}

function keptKey(file: string): string {
  makeFolder(dirname(file));
  if (!existsSync(file)) {
    const draft = `${file}.${crypto.randomUUID()}`;
    writeFileSync(draft, Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex"), { mode: 0o600 });
    giveToFoldersOwner(draft);
    try {
      // Appears whole and replaces nothing, so two programs that start at once end up with one secret.
      linkSync(draft, file);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    } finally {
      rmSync(draft);
    }
  }
  chmodSync(file, 0o600);
  return readFileSync(file, "utf8").trim();
}
