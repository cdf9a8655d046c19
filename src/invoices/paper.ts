import { escapeHtml, parseTemplate, render, type View } from "../base/template";
import type { Settings } from "../shop/settings";
import { addressOfShop } from "./documents";
import { addressLines, type OrderFacts } from "./order-facts";
import source from "./paper.html.mustache" with { type: "text" };
import type { Invoice } from "./schema";

/** The one page that invoices, credit notes and slips are printed on. It loads nothing and runs nothing. */
const paper = parseTemplate(source);

/** Papers one after the other, each of which begins a sheet. */
function page({ shopLocale }: Written, papers: readonly (View & { title: string; label: string })[]): string {
  const [first] = papers;
  const heading = papers.length === 1 && first ? `${first.title} ${first.label}` : `${papers.length} packing slips`;
  const view = { language: shopLocale, heading, papers: [...papers] };
  return render(paper, view, { escape: escapeHtml, partials: new Map() });
}

/** What the page may load: its own styles. */
export const PAPER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

type Written = Pick<Settings, "shopLocale" | "timeZone" | "shopName" | "shopAddress" | "shopEmail" | "shopTaxId">;

/** An invoice or a credit note, as it was issued. */
export function invoicePage(settings: Written, { document, label, issued_at }: Invoice): string {
  const amount = amountsIn(settings, document.currency);
  const { seller, buyer, lines, shipping, taxes, tax_is_included } = document;
  const rates = taxes.map(({ name, percent, base, tax }) => ({
    name: `${name} ${percent} % ${tax_is_included ? "in" : "on"} ${amount(base)}`,
    amount: amount(tax),
  }));
  const view = {
    ...common(settings),
    title: document.kind === "invoice" ? "Invoice" : "Credit note",
    label,
    facts: [
      { name: "Date", value: dayIn(settings, issued_at) },
      { name: "Order", value: `${document.order_id} of ${dayIn(settings, document.placed_at)}` },
      ...(document.corrects === null ? [] : [{ name: "Corrects", value: document.corrects }]),
    ],
    parties: [
      { title: "From", lines: partyLines(seller) },
      { title: "To", lines: partyLines(buyer) },
      ...(document.delivered_to.length > 0 ? [{ title: "Delivered to", lines: document.delivered_to }] : []),
    ],
    is_packing: false,
    has_prices: true,
    has_hsn: lines.some(({ hsn }) => hsn !== null),
    has_discount: lines.some(({ discount }) => discount > 0),
    lines: lines.map((line) => ({
      name: line.name,
      sku: line.sku,
      hsn: line.hsn ?? "",
      qty: line.qty,
      price: amount(line.price),
      discount: line.discount > 0 ? amount(-line.discount) : "",
      total: amount(line.total),
    })),
    sums: [
      ...(shipping ? [{ name: shipping.name, amount: amount(shipping.amount) }] : []),
      ...(tax_is_included ? [] : rates),
    ],
    included: tax_is_included ? rates : [],
    total: amount(document.total),
    notes: document.reason === null ? [] : [document.reason],
  };
  return page(settings, [view]);
}

function partyLines({ name, lines, email, tax_id }: Invoice["document"]["seller"]): string[] {
  return [name, ...lines, email, tax_id === null ? null : `Tax no. ${tax_id}`].filter((line): line is string => !!line);
}

/** What is picked for an order, with a box to tick: for the shelf. Without prices. */
export const packingSlip = (settings: Written, facts: OrderFacts): string =>
  page(settings, [slip(settings, facts, "Packing slip", true)]);

/** Those of many orders as one document, a sheet for each. */
export const packingSlips = (settings: Written, orders: readonly OrderFacts[]): string =>
  page(
    settings,
    orders.map((facts) => slip(settings, facts, "Packing slip", true)),
  );

/** What is in the parcel: for the customer. Without prices, since a parcel may be a present. */
export const deliveryNote = (settings: Written, facts: OrderFacts): string =>
  page(settings, [slip(settings, facts, "Delivery note", false)]);

function slip(settings: Written, facts: OrderFacts, title: string, isPacking: boolean) {
  const number = facts.tracking_number;
  return {
    ...common(settings),
    title,
    label: `Order ${facts.id}`,
    facts: [
      { name: "Ordered", value: dayIn(settings, facts.placed_at) },
      ...(facts.shipping_method === null ? [] : [{ name: "Delivery", value: facts.shipping_method }]),
      ...(number === null ? [] : [{ name: facts.carrier ?? "Parcel", value: number }]),
    ],
    parties: [
      { title: "From", lines: [settings.shopName, ...addressOfShop(settings)] },
      { title: "To", lines: facts.address ? addressLines(facts.address) : [] },
    ],
    is_packing: isPacking,
    has_prices: false,
    has_hsn: false,
    has_discount: false,
    // What came off the order is not in the parcel.
    lines: facts.lines
      .filter(({ qty, cancelled }) => qty > cancelled)
      .map(({ name, sku, qty, cancelled }) => ({
        name,
        sku,
        qty: qty - cancelled,
        hsn: "",
        price: "",
        discount: "",
        total: "",
      })),
    sums: [],
    included: [],
    total: "",
    notes: isPacking && facts.customer_note !== null ? [`The customer says: ${facts.customer_note}`] : [],
  };
}

function common(settings: Written): { foot: string[] } {
  const about = [settings.shopName, ...addressOfShop(settings), settings.shopEmail, settings.shopTaxId];
  return { foot: [about.filter(Boolean).join(" · ")] };
}

function amountsIn({ shopLocale }: Written, currency: string): (major: number) => string {
  const format = new Intl.NumberFormat(shopLocale, { style: "currency", currency });
  // No amount is less than nothing by rounding.
  return (major) => format.format(major === 0 ? 0 : major);
}

function dayIn({ shopLocale, timeZone }: Written, iso: string): string {
  return new Intl.DateTimeFormat(shopLocale, { dateStyle: "long", timeZone }).format(new Date(iso));
}
