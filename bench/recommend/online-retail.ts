/** The UCI Online Retail file as purchases: the clean view of the protocols, with rows and columns numbered from 0. */
export interface RetailLines {
  /** The customers' and products' own numbers in the file, at the places where `customers` and `products` point. */
  readonly customerIds: number[];
  readonly productCodes: string[];
  readonly customers: Uint32Array;
  readonly products: Uint32Array;
  /** Days since 1970, with fractions. */
  readonly days: Float64Array;
  readonly quantities: Float64Array;
  readonly orders: Uint32Array;
  readonly orderCount: number;
}

/** Customer known, not a cancellation, quantity and price above 0, a code of five digits and letters. */
export async function readRetail(
  file = `${import.meta.dir}/../../../shared/data/online-retail.csv.zst`,
): Promise<RetailLines> {
  const text = new TextDecoder().decode(await Bun.zstdDecompress(await Bun.file(file).bytes()));
  const customerPlaces = new Map<number, number>();
  const productPlaces = new Map<string, number>();
  const orderPlaces = new Map<string, number>();
  const rows: [number, number, number, number, number][] = [];
  for (const line of text.split("\n").slice(1)) {
    const [invoice = "", code = "", quantity, date, price, customer] = fields(line);
    if (!customer || invoice.startsWith("C") || !(Number(quantity) > 0) || !(Number(price) > 0)) continue;
    if (!/^\d{5}[A-Z]*$/.test(code)) continue;
    rows.push([
      placeOf(customerPlaces, Number(customer)),
      placeOf(productPlaces, code),
      Date.parse(`${(date ?? "").replace(" ", "T")}Z`) / 86_400_000,
      Number(quantity),
      placeOf(orderPlaces, invoice),
    ]);
  }
  return {
    customerIds: [...customerPlaces.keys()],
    productCodes: [...productPlaces.keys()],
    customers: Uint32Array.from(rows, (row) => row[0]),
    products: Uint32Array.from(rows, (row) => row[1]),
    days: Float64Array.from(rows, (row) => row[2]),
    quantities: Float64Array.from(rows, (row) => row[3]),
    orders: Uint32Array.from(rows, (row) => row[4]),
    orderCount: orderPlaces.size,
  };
}

/** Invoice, code, quantity, date, price, customer. Only the description is ever quoted, so it is cut out first. */
function fields(line: string): string[] {
  const quote = line.indexOf('"');
  if (quote >= 0) line = line.slice(0, quote) + line.slice(line.lastIndexOf('"') + 1);
  const [invoice = "", code = "", , quantity = "", date = "", price = "", customer = ""] = line.split(",");
  return [invoice, code, quantity, date, price, customer];
}

function placeOf<Key>(places: Map<Key, number>, key: Key): number {
  const place = places.get(key) ?? places.size;
  places.set(key, place);
  return place;
}
