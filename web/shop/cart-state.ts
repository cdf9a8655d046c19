import { signal } from "@preact/signals";
import { Problem, shop, type Shapes } from "../kit/api";
import { accessToken, enterAsGuest, isGuest, signIns, standing } from "../kit/session";
import { attempt, say } from "../kit/toasts";
import * as words from "../words/shop";

/** What lies in the cart, as the shop said last; undefined before anything was put into one. */
export const cart = signal<Shapes["Cart"] | undefined>(undefined);

/** The coupon that was typed, and why it takes nothing off where it does not: then it is none. */
export const coupon = signal("");
export const couponRefusal = signal("");

export function takeCoupon(code: string): void {
  couponRefusal.value = "";
  coupon.value = code;
}

/** What the cart comes to, with the coupon that was typed where it holds: one that does not is no reason to say nothing. */
export async function quoteCart(asked: Shapes["CartQuoteAsked"], signal: AbortSignal): Promise<Shapes["CartQuote"]> {
  const code = coupon.value;
  try {
    return await shop("POST /cart/quote", { body: { ...asked, ...(code !== "" && { coupon_code: code }) }, signal });
  } catch (error) {
    if (code === "" || !isAboutCoupon(error)) throw error;
    // The sums are asked for anew without it.
    takeCoupon("");
    couponRefusal.value = words.couponRefused(code, error.message);
    throw error;
  }
}

const isAboutCoupon = (error: unknown): error is Problem =>
  error instanceof Problem &&
  (error.code === "coupon_used_up" || (error.problem.errors ?? []).some(({ path }) => path === "coupon_code"));

/** Whether the new cart of a guest who came back is being filled: until it is, the old one shows. */
let isFilling = false;

export const unitsInCart = (): number => cart.value?.items.reduce((sum, { qty }) => sum + qty, 0) ?? 0;

/** Looks what is in the cart, where there may be one. */
export async function loadCart(): Promise<void> {
  cart.value = (await accessToken()) === undefined ? undefined : await shop("GET /cart");
}

let last: Promise<unknown> = Promise.resolve();

/** One look at the cart or change of it after another: an answer that overtook a later one would show what lay in it before. */
const inTurn = (work: () => Promise<unknown>): Promise<unknown> => (last = last.then(work));

const change = (work: () => Promise<void>) => inTurn(() => attempt(work));
export const refreshCart = () => inTurn(() => loadCart().catch(() => {}));

// A visitor who signs in finds their own cart, with what they had put into the guest's.
standing.subscribe((now) => {
  if (now === "in" && !isFilling) void refreshCart();
  if (now === "out") cart.value = undefined;
});
signIns.subscribe((count) => {
  if (count > 0) void refreshCart();
});

/** A session for whoever has none: a guest whose visit ended meanwhile finds in the new one what lay in the cart. */
export async function comeIn(): Promise<void> {
  const left = standing.value === "locked" && isGuest ? (cart.value?.items ?? []) : [];
  isFilling = left.length > 0;
  try {
    await enterAsGuest();
    for (const { product_id, qty } of left) {
      await attempt(async () => void (await shop("POST /cart/items", { body: { product_id, qty } })));
    }
  } finally {
    isFilling = false;
  }
  if (left.length > 0) await loadCart();
}

export async function addToCart(productId: number, name: string, qty = 1): Promise<void> {
  await change(async () => {
    await comeIn();
    cart.value = await shop("POST /cart/items", { body: { product_id: productId, qty } });
    say(words.isInYourCart(name), { undo: () => void setQuantity(productId, 0) });
  });
}

/** Zero takes it out. */
export async function setQuantity(productId: number, qty: number): Promise<void> {
  await change(async () => {
    const path = { product_id: productId };
    cart.value =
      qty === 0
        ? await shop("DELETE /cart/items/{product_id}", { path })
        : await shop("PUT /cart/items/{product_id}", { path, body: { qty } });
  });
}
