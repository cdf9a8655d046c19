import { Email, NewAddress, Profile } from "../accounts/schema";
import { insertAddresses } from "../accounts/address-queries";
import { type Account, findAccountsByEmail, insertAccounts, updateAccount } from "../accounts/queries";
import { emailKey } from "../base/email";
import { fieldIssues } from "../base/validate";
import { readMoment } from "./orders/dates";
import type { Shop } from "../shop/shop";
import { type FileProgress } from "./files";
import { fileSource, type Source } from "./source";
import { rowsByField } from "./plain-rows";
import { noneReadable } from "./unreadable";

export interface CustomersReport {
  dry_run: boolean;
  rows: number;
  new: number;
  changed: number;
  unchanged: number;
  /** In the shop otherwise than in the file, and left so without `update`. */
  different: number;
  refused: number;
  problems: { line: number; problem: string }[];
}

export interface CustomersOptions {
  dryRun?: boolean;
  /** Changes the name and phone of those that are there. */
  update?: boolean;
  map?: readonly string[];
  encoding?: string | undefined;
  timeZone?: string | undefined;
  progress?: FileProgress;
}

/** Usual words for what a table of customers says, those of Shopify and WooCommerce among them; letters only. */
const WORDS: Record<string, string> = {
  email: "email emailaddress customeremail mail emailbilling billingemail",
  full_name: "fullname name customername displayname kunde",
  first_name: "firstname givenname vorname billingfirstname prenom nombre",
  last_name: "lastname surname familyname nachname billinglastname nom apellido",
  phone: "phone telephone mobile defaultaddressphone billingphone telefon telefono",
  created_at: "createdat dateregistered signup registered userregistered",
  is_active: "isactive active",
  preferences: "preferences",
  address_line: "addressline address address1 street defaultaddressaddress1 billingaddress1 strasse",
  city: "city town defaultaddresscity billingcity ort",
  state: "state province provincecode region defaultaddressprovincecode billingstate",
  pincode: "pincode postcode zip postalcode defaultaddresszip billingpostcode plz",
  country: "countrycode country defaultaddresscountrycode billingcountry land",
};

interface Customer {
  line: number;
  email: string;
  full_name: string | undefined;
  phone: string | undefined;
  preferences: Record<string, unknown>;
  created_at: string;
  is_active: boolean;
  address: NewAddress | undefined;
}

const CUSTOMERS_PER_TRANSACTION = 200;
const PROBLEMS_KEPT = 10_000;

/**
 * Takes in customers by their e-mail: new ones without a password, so that none can sign in until one is set. Those that are
 * there are left as they are, or get the file's name and phone; an admin's account is never changed. Throws `invalid` for what
 * is no such file.
 */
export async function importCustomers(
  shop: Shop,
  from: string | Source,
  options: CustomersOptions = {},
): Promise<CustomersReport> {
  const source = typeof from === "string" ? await fileSource(from) : from;
  const report: CustomersReport = {
    dry_run: options.dryRun ?? false,
    rows: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
    different: 0,
    refused: 0,
    problems: [],
  };
  const refuse = (line: number, problem: string) => {
    report.refused++;
    if (report.problems.length < PROBLEMS_KEPT) report.problems.push({ line, problem });
  };
  const seen = new Map<string, number>();
  let batch: Customer[] = [];
  const flush = async () => {
    await place(shop, batch, options, report, refuse);
    batch = [];
    await Bun.sleep(0);
  };
  const rows = rowsByField(source, { fields: WORDS, needed: "email", ...options });
  for await (const row of rows) {
    report.rows++;
    const customer = "problem" in row ? row : customerOf(shop, row.line, row.said, options);
    if ("problem" in customer) {
      refuse(row.line, customer.problem);
      continue;
    }
    const before = seen.get(emailKey(customer.email));
    if (before !== undefined) refuse(row.line, `email: It stands in line ${before} too.`);
    else batch.push(customer);
    seen.set(emailKey(customer.email), before ?? row.line);
    if (batch.length >= CUSTOMERS_PER_TRANSACTION) await flush();
  }
  await flush();
  if (report.refused === report.rows) throw noneReadable(source.name, report.problems);
  return report;
}

type Said = Partial<Record<string, string>>;

function customerOf(
  shop: Shop,
  line: number,
  said: Said,
  { timeZone }: CustomersOptions,
): Customer | { problem: string } {
  const email = Email.safeParse(said["email"] ?? "");
  if (!email.success) return { problem: "email: This is no e-mail address." };
  const names = [said["first_name"], said["last_name"]].filter((name) => name !== undefined).join(" ");
  const full_name = said["full_name"] ?? (names === "" ? undefined : names);
  const phone = said["phone"]?.replace(/^'/, "");
  const preferences = jsonIn(said["preferences"]);
  const profile = Profile.safeParse({ full_name, phone, ...(preferences !== undefined && { preferences }) });
  if (!profile.success)
    return {
      problem: fieldIssues(profile.error)
        .map(({ path, message }) => `${path}: ${message}`)
        .join(" "),
    };
  const created = said["created_at"];
  const created_at =
    created === undefined
      ? shop.now().toISOString()
      : readMoment(created, timeZone ?? shop.settings.timeZone, undefined);
  if (created_at === undefined) return { problem: "created_at: This is not a date such as 2030-01-31." };
  const address = NewAddress.safeParse({
    label: "Home",
    address_line: said["address_line"],
    city: said["city"],
    state: said["state"],
    pincode: said["pincode"]?.replace(/^'/, ""),
    country: said["country"],
  });
  return {
    line,
    email: email.data,
    full_name: profile.data.full_name,
    phone: profile.data.phone,
    preferences: profile.data.preferences ?? {},
    created_at,
    is_active: !/^(false|0|no)$/i.test(said["is_active"] ?? ""),
    address: address.success ? address.data : undefined,
  };
}

function jsonIn(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function place(
  shop: Shop,
  customers: readonly Customer[],
  { dryRun, update }: CustomersOptions,
  report: CustomersReport,
  refuse: (line: number, problem: string) => void,
): Promise<void> {
  if (customers.length === 0) return;
  const known = await findAccountsByEmail(
    shop.database,
    customers.map(({ email }) => email),
  );
  const changes: { account: Account; change: { full_name?: string; phone?: string } }[] = [];
  const fresh: Customer[] = [];
  for (const customer of customers) {
    const account = known.get(emailKey(customer.email));
    if (!account) {
      fresh.push(customer);
      continue;
    }
    const change = changeOf(customer, account);
    if (Object.keys(change).length === 0) report.unchanged++;
    else if (!update) report.different++;
    else if (account.is_admin) refuse(customer.line, "email: It is an admin's, whose account no file changes.");
    else changes.push({ account, change });
  }
  if (!dryRun && fresh.length + changes.length > 0) await write(shop, fresh, changes);
  report.new += fresh.length;
  report.changed += changes.length;
}

function changeOf({ full_name, phone }: Customer, account: Account): { full_name?: string; phone?: string } {
  return {
    ...(full_name !== undefined && full_name !== account.full_name && { full_name }),
    ...(phone !== undefined && phone !== account.phone && { phone }),
  };
}

async function write(
  shop: Shop,
  fresh: readonly Customer[],
  changes: readonly { account: Account; change: { full_name?: string; phone?: string } }[],
): Promise<void> {
  const now = shop.now().toISOString();
  await shop.database.transaction(async (tx) => {
    const ids = await insertAccounts(
      tx,
      fresh.map(({ email, full_name, phone, preferences, created_at }) => ({
        email,
        full_name: full_name ?? email,
        phone: phone ?? "-",
        password_hash: null,
        is_admin: false,
        preferences,
        created_at,
      })),
    );
    const added = fresh.flatMap((customer) => {
      const id = ids.get(emailKey(customer.email));
      return id === undefined ? [] : [{ id, ...customer }];
    });
    await insertAddresses(
      tx,
      added.flatMap(({ id, address }) => (address ? [{ user_id: id, created_at: now, ...address }] : [])),
    );
    for (const { id, is_active } of added) if (!is_active) await updateAccount(tx, id, { is_active }, now);
    for (const { account, change } of changes) await updateAccount(tx, account.id, change, now);
  });
}
