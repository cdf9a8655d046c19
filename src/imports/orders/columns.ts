import { ShopError } from "../../base/errors";
import { headingKey, plainHeading } from "../products/fields";
import { foundColumns } from "../products/mapping";

/** What a column of a table of orders may say. */
export const FIELDS = [
  "order",
  "date",
  "email",
  "customer",
  "customer_name",
  "phone",
  "sku",
  "product",
  "qty",
  "price",
  "line_subtotal",
  "line_total",
  "lines",
  "status",
  "payment_status",
  "cancelled_at",
  "currency",
  "discount",
  "shipping",
  "tax",
  "total",
  "coupon",
  "payment_method",
  "note",
  "address_line",
  "address_line_2",
  "city",
  "state",
  "pincode",
  "country",
  "recipient",
  "recipient_first",
  "recipient_last",
  "first_name",
  "last_name",
  "source",
] as const;

export type OrderField = (typeof FIELDS)[number];

/** Numbers among them. */
export const NUMBERS: ReadonlySet<string> = new Set([
  "qty",
  "price",
  "line_subtotal",
  "line_total",
  "discount",
  "shipping",
  "tax",
  "total",
]);

interface OrderProgram {
  name: string;
  knownBy: string[];
  columns: Record<string, OrderField>;
  /** Columns that say the lines of an order, several in one cell, or a cell each. */
  lines?: RegExp;
}

/** Exports of orders as other programs write them: a table, not code. */
const programs: OrderProgram[] = [
  {
    name: "Shopify",
    knownBy: ["name", "lineitem quantity", "lineitem name", "lineitem price", "created at"],
    columns: {
      name: "order",
      email: "email",
      "financial status": "payment_status",
      "fulfillment status": "status",
      "cancelled at": "cancelled_at",
      currency: "currency",
      shipping: "shipping",
      taxes: "tax",
      total: "total",
      "discount code": "coupon",
      "discount amount": "discount",
      "created at": "date",
      "lineitem quantity": "qty",
      "lineitem name": "product",
      "lineitem price": "price",
      "lineitem sku": "sku",
      "billing name": "customer_name",
      "shipping name": "recipient",
      "shipping street": "address_line",
      "shipping address1": "address_line",
      "shipping address2": "address_line_2",
      "shipping city": "city",
      "shipping province": "state",
      "shipping zip": "pincode",
      "shipping country": "country",
      "shipping phone": "phone",
      phone: "phone",
      notes: "note",
      "payment method": "payment_method",
    },
  },
  {
    name: "WooCommerce (Advanced Order Export)",
    knownBy: ["order number", "order date", "item name", "item cost"],
    columns: {
      "order number": "order",
      "order status": "status",
      "order date": "date",
      "customer note": "note",
      "first name (billing)": "first_name",
      "last name (billing)": "last_name",
      "email (billing)": "email",
      "phone (billing)": "phone",
      "first name (shipping)": "recipient_first",
      "last name (shipping)": "recipient_last",
      "address 1&2 (shipping)": "address_line",
      "city (shipping)": "city",
      "state code (shipping)": "state",
      "postcode (shipping)": "pincode",
      "country code (shipping)": "country",
      "payment method title": "payment_method",
      "cart discount amount": "discount",
      "order shipping amount": "shipping",
      "order total amount": "total",
      "order total tax amount": "tax",
      sku: "sku",
      "item name": "product",
      quantity: "qty",
      "item cost": "price",
      "coupon code": "coupon",
    },
  },
  {
    name: "WooCommerce",
    knownBy: ["order_number", "billing_email", "status"],
    columns: {
      order_number: "order",
      date: "date",
      order_date: "date",
      status: "status",
      shipping_total: "shipping",
      tax_total: "tax",
      discount_total: "discount",
      cart_discount: "discount",
      order_total: "total",
      total: "total",
      order_currency: "currency",
      payment_method: "payment_method",
      payment_method_title: "payment_method",
      billing_first_name: "first_name",
      billing_last_name: "last_name",
      billing_email: "email",
      customer_email: "email",
      billing_phone: "phone",
      shipping_first_name: "recipient_first",
      shipping_last_name: "recipient_last",
      shipping_address_1: "address_line",
      shipping_address_2: "address_line_2",
      shipping_city: "city",
      shipping_state: "state",
      shipping_postcode: "pincode",
      shipping_country: "country",
      customer_note: "note",
      item_name: "product",
      item_sku: "sku",
      item_quantity: "qty",
      item_subtotal: "line_subtotal",
      item_total: "line_total",
    },
    lines: /^line_items?(_\d+)?$/,
  },
];

/** Usual words for what any table of lines says; letters only. */
const WORDS: Partial<Record<OrderField, string>> = {
  order:
    "order orderid ordernumber orderno invoice invoiceno invoiceid invoicenumber bestellnummer rechnungsnummer commande pedido numeroorden",
  date: "date orderdate invoicedate placedat createdat purchasedate purchasedat datum bestelldatum fecha data",
  email: "email emailaddress customeremail buyeremail mail",
  customer: "customer customerid clientid userid kunde kundennummer cliente client",
  customer_name: "customername fullname buyername kundenname",
  sku: "sku code stockcode itemcode productcode productid articlenumber itemnumber artikelnummer referencia reference",
  product: "product productname item itemname description name title artikel bezeichnung producto produit",
  qty: "qty quantity units menge anzahl cantidad quantite",
  price: "price unitprice itemprice priceatpurchase preis einzelpreis precio prix",
  status: "status orderstatus",
  payment_status: "paymentstatus",
  payment_method: "paymentmethod",
  currency: "currency",
  discount: "discount discountamount",
  shipping: "shipping delivery shippingamount",
  tax: "tax taxes",
  total: "total totalamount ordertotal",
  coupon: "coupon couponcode",
  country: "country land pais pays",
  address_line: "address addressline street",
  city: "city town ort ciudad",
  state: "state province region",
  pincode: "pincode postcode zip plz zipcode postalcode",
  recipient: "recipient",
  phone: "phone telephone",
  note: "note customernote",
  source: "source",
};

const FIELD_OF = new Map(
  Object.entries(WORDS).flatMap(([field, words]) => words.split(" ").map((word): [string, string] => [word, field])),
);

export interface OrderColumns {
  /** Whose export it is; undefined for a table of lines like any. */
  program: string | undefined;
  /** What each column says; those that hold lines say `lines`. */
  fields: (OrderField | undefined)[];
}

/**
 * Understands the headings of a table of orders. Throws `invalid` for one that has no lines of orders, and says what it saw
 * and what is missing.
 */
export function orderColumns(headings: readonly string[], map: readonly string[] = []): OrderColumns {
  const keys = headings.map(headingKey);
  const program = programs.find(({ knownBy }) => knownBy.every((heading) => keys.includes(heading)));
  const told = toldFields(headings, map);
  const seen = new Set<string>();
  const fields = headings.map((heading, at): OrderField | undefined => {
    const field = told.has(at) ? told.get(at) : program ? ofProgram(program, heading) : generic(heading);
    if (field === undefined || field === "lines") return field;
    // The first of two for one thing counts, as where there is an id beside a number.
    if (seen.has(field)) return undefined;
    seen.add(field);
    return field;
  });
  const missing = missingOf(new Set(fields));
  if (missing.length > 0) {
    throw new ShopError(
      "invalid",
      `This is no table of orders with a row for each line: it has no column ${missing.join(", nor one for ")}. ` +
        `${foundColumns(headings)} Say what they are with --map heading=field. Nothing was changed.`,
    );
  }
  return { program: program?.name, fields };
}

function missingOf(fields: ReadonlySet<string | undefined>): string[] {
  const hasLines = fields.has("lines");
  const wanted: [name: string, any: OrderField[]][] = [
    ["order", ["order"]],
    ["date", ["date"]],
    ["email or customer", ["email", "customer"]],
    ...(hasLines
      ? []
      : ([
          ["product or sku", ["product", "sku"]],
          ["qty", ["qty"]],
          ["price", ["price", "line_total", "line_subtotal"]],
        ] satisfies [string, OrderField[]][])),
  ];
  return wanted.filter(([, any]) => !any.some((field) => fields.has(field))).map(([name]) => name);
}

function ofProgram({ columns, lines }: OrderProgram, heading: string): OrderField | undefined {
  const key = headingKey(heading);
  if (lines?.test(key)) return "lines";
  return Object.hasOwn(columns, key) ? columns[key] : undefined;
}

/** What the shop itself calls it, or a usual word. */
function generic(heading: string): OrderField | undefined {
  const key = plainHeading(heading);
  const own = FIELDS.find((field) => field === key.replaceAll(/[ -]/g, "_"));
  const word = FIELD_OF.get(key.replaceAll(/[^\p{L}]/gu, ""));
  return own ?? FIELDS.find((field) => field === word);
}

function toldFields(headings: readonly string[], map: readonly string[]): Map<number, OrderField | undefined> {
  const told = new Map<number, OrderField | undefined>();
  for (const entry of map) {
    const sign = entry.lastIndexOf("=");
    const [heading, name] = [entry.slice(0, sign), entry.slice(sign + 1).trim()];
    const at = headings.findIndex((one) => headingKey(one) === headingKey(heading));
    if (at < 0) throw new ShopError("invalid", `There is no column ${heading}. ${foundColumns(headings)}`);
    const field = FIELDS.find((one) => one === name);
    if (name !== "" && field === undefined) {
      throw new ShopError("invalid", `An order has no ${name}. What it has: ${FIELDS.join(", ")}.`);
    }
    told.set(at, field);
  }
  return told;
}
