import * as words from "../words/kit";
import { Act } from "./act";

/** Hands a text over as a file. */
export function saveFile(name: string, text: string, type = "text/csv"): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** A button that fetches a file from the shop. */
export const Download = ({ name, load }: { name: string; load: () => Promise<string> }) => (
  <Act verb={words.download} work={async () => saveFile(name, await load())} />
);
