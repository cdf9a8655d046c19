import type { Opening } from "./opening";
import type { Settings } from "../src/shop/settings";
import type { Shop } from "../src/shop/shop";

/** What a command may touch. Tests pass a shop of their own and keep what was printed. */
export interface Terminal {
  /** The answer, on stdout: as text for a person, or as JSON where `--json` was asked for. */
  print(answer: unknown, text: string, layout?: Layout): void;
  /**
   * The same for a list that comes in pieces and may be too long to be kept: one list as JSON, or the text that `textOf` makes
   * of what `rowOf` says of each item. See print-list.ts.
   */
  printPieces?<Item, Row>(
    pieces: AsyncIterable<readonly Item[]>,
    rowOf: (item: Item) => Row,
    textOf: (rows: readonly Row[]) => string | Promise<string>,
  ): Promise<void>;
  /** A piece of an answer that comes in pieces, on stdout and as it is. */
  write?(text: string): void;
  /** What goes on meanwhile, on stderr. */
  say(text: string): void;
  /** What the environment and .env decide, for commands that open no shop. */
  settings(): Settings;
  /**
   * A bar on stderr for what takes longer than a second. It gives way to whatever is written next. `ifStopped` says how to go
   * on for whoever stops the program meanwhile.
   */
  progress(label: string, ifStopped?: string): Progress;
  /** Aborts when the program is told to stop: for a command that has something to write down then, and ends soon. */
  stopping?(): AbortSignal;
  /**
   * Asks before what can't be undone; with `yes`, which is `--yes`, nobody is asked. Throws `invalid` where the answer is no, or
   * nobody is there to give one.
   */
  confirm(question: string, yes?: boolean): Promise<void>;
  /** What the person at the terminal answers; `usual` where they press Enter, or nobody is there. */
  ask?(question: string, usual: string): Promise<string>;
  /** A new password, by prompt or from stdin; never from the arguments, where other users of the machine can read it. */
  readPassword(fromStdin: boolean): Promise<string>;
  /**
   * Opens the shop and closes it when the work is done; for a server every statement has a deadline. Unless `opening` says
   * otherwise its database must be there, and of this very program; unless `anyCurrency` is said its prices must be in the
   * currency of the settings. `ran` are the migrations that opening it ran. What a command writes is in the audit as its own:
   * see record.ts.
   */
  withShop<Result>(
    work: (shop: Shop, ran?: readonly string[]) => Promise<Result>,
    options?: { opening?: Opening; serving?: boolean; anyCurrency?: boolean },
  ): Promise<Result>;
  /** The same whatever the state of the schema, and without making a file unless asked to. */
  withDatabaseAsIs<Result>(work: (shop: Shop) => Promise<Result>, options?: { create?: boolean }): Promise<Result>;
}

/** Lines are broken for a terminal, unless it is what a program reads: CSV, JSON, an address to copy. */
export type Layout = "for people" | "as it is";

/** How far something has come. */
export interface Progress {
  /** `done` of `total`; without a total, so many so far. */
  update(done: number, total?: number): void;
}
