import { Elysia } from "elysia";
import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";

/** Made once: taking down where it was made costs as much as the rest of a refusal. */
const tooBusy = new ShopError("too_busy", "Too much is going on. Try again in a moment.");

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** Turns writes away at the door while too many wait, before anything is spent on them. Reads go on. */
export const overload = ({ database }: Shop) =>
  new Elysia({ name: "overload" }).onRequest(({ request }) => {
    if (!READING.has(request.method) && database.isOverloaded()) {
      throw tooBusy;
    }
  });
