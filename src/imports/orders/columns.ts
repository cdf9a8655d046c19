import { ShopError } from "../../base/errors";
import { headingKey, plainHeading } from "../products/fields";
import { foundColumns } from "../products/mapping";
import { type OrderProgram, programs } from "./programs";
import { FIELDS, type OrderField } from "./fields";

/** Usual words for what any table of lines says; letters only. */
const WORDS: Partial<Record<OrderField, string>> = {
  order:
    "order orderid amazonorderid receiptid ordernumber orderno invoice invoiceno invoiceid invoicenumber bestellnummer rechnungsnummer commande pedido numeroorden",
  date: "date saledate dateplaced orderdate invoicedate placedat createdat purchasedate purchasedat datum bestelldatum fecha data",
  email: "email emailaddress customeremail buyeremail mail",
  customer: "customer buyer buyerid customerid clientid userid kunde kundennummer cliente client",
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
