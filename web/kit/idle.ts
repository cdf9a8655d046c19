import { page } from "./place";
import { lock } from "./session";

const TOUCHED = `sanset-${page}-touched`;
const LOOKED_EVERY_MS = 15_000;

/** Locks the page of a person who went away, in all tabs. What they had typed is there when they come back. */
export function lockWhenIdle(minutes = 30): void {
  touch();
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, touch, { passive: true });
  setInterval(() => {
    const since = Date.now() - Number(localStorage.getItem(TOUCHED) ?? Date.now());
    if (since > minutes * 60_000) void lock();
  }, LOOKED_EVERY_MS);
}

const touch = () => localStorage.setItem(TOUCHED, String(Date.now()));
