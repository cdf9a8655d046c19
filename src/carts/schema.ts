import { z } from "zod";
import { Id, LARGEST_ID, wholeNumberText } from "../base/fields";

/** With the highest price, a full cart of these stays below 2^53 minor units of a currency of two digits: see `subtotalOf`. */
export const LARGEST_QTY = 10_000;
export const MOST_LINES = 200;

const Qty = z.int().min(1).max(LARGEST_QTY);

const CartItem = z
  .object({
    product_id: Id,
    name: z.string(),
    qty: z.int(),
    price: z.number(),
    stock: z.int().meta({ description: "What can still be bought" }),
    parent_id: Id.nullable().meta({ description: "The product of which this is a variant" }),
    options: z.record(z.string(), z.string()).meta({ description: "What was chosen, such as { Size: M }" }),
    image_url: z.string().nullable(),
  })
  .meta({ id: "CartItem" });

export const CartNotice = z
  .object({
    product_id: Id,
    name: z.string(),
    kind: z.enum(["gone", "dearer", "cheaper"]),
    price_before: z.number().nullable(),
    price: z.number().nullable().meta({ description: "What it costs now; null for what is gone" }),
  })
  .meta({ id: "CartNotice", description: "What has changed since the customer last saw the cart. It is said once." });

export type CartNotice = z.infer<typeof CartNotice>;

export const Cart = z
  .object({
    user_id: Id,
    items: z.array(CartItem),
    total: z.number(),
    version: z.string().meta({
      description: "Changes whenever the items or what they cost do. Checkout takes it as `cart_version`.",
    }),
    notices: z.array(CartNotice),
  })
  .meta({ id: "Cart" });

export type Cart = z.infer<typeof Cart>;

export const Addition = z.strictObject({ product_id: Id, qty: Qty.default(1) }).meta({ id: "Addition" });
export const Removal = z.strictObject({ product_id: Id }).meta({ id: "Removal" });
export const NewQty = z.strictObject({ qty: Qty }).meta({ id: "NewQty" });
export const ItemPath = z.strictObject({ product_id: wholeNumberText(1, LARGEST_ID) });
