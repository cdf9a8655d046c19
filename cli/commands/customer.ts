import { Command } from "commander";
import { getUserByIdOrEmail, listUsers } from "../../src/accounts/accounts";
import { listAddresses } from "../../src/accounts/addresses";
import { Standing, type User } from "../../src/accounts/schema";
import { setStanding } from "../../src/auth/standing";
import { ShopError } from "../../src/base/errors";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { listOrders, sumUpOrders } from "../../src/orders/orders";
import { wholeNumber } from "../arguments";
import { pageText } from "../pages";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { sumsText } from "./order-list";
import { placeText } from "./order-text";

export const customerCommand = (terminal: Terminal) =>
  new Command("customer")
    .description("look after customers: who they are, where they live, what they bought")
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(editCommand(terminal));

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list")
    .description("list accounts, or those whose name or e-mail has these words")
    .argument("[words]", "a part of the name or e-mail")
    .option("--limit <n>", "how many", wholeNumber(1, 1_000), 50)
    .option("--page <n>", "which page", wholeNumber(1, LARGEST_ID), 1)
    .addHelpText("after", "\nExamples:\n  sanset customer list\n  sanset customer list asha")
    .action((words: string | undefined, { limit, page }: { limit: number; page: number }) =>
      withShop(async (shop) => {
        const listed = await listUsers(shop, { q: words }, { limit, offset: (page - 1) * limit });
        const rows = listed.items.map((user) => [user.id, user.full_name, user.email, user.phone, user.created_at]);
        const { total, total_is_at_least: isAtLeast } = listed;
        const last = pageText({ shown: rows.length, total, isAtLeast, limit, page });
        print(
          listed.items,
          total === 0 ? "Nobody fits." : `${table(["ID", "NAME", "E-MAIL", "PHONE", "SINCE"], rows, "")}\n${last}`,
        );
      }),
    );

const LATEST = 10;

const showCommand = ({ print, withShop }: Terminal) =>
  new Command("show")
    .description("show a customer: how to reach them, their addresses, what they bought and spent")
    .argument("<customer>", "e-mail or id")
    .addHelpText("after", "\nExample:\n  sanset customer show asha@example.com")
    .action((name: string) =>
      withShop(async (shop) => {
        const user = await getUserByIdOrEmail(shop, name);
        const addresses = await listAddresses(shop, user.id);
        const { items: orders } = await listOrders(shop, { user_id: user.id }, { limit: LATEST, offset: 0 });
        const totals = await sumUpOrders(shop, { user_id: user.id });
        const rows = orders.map((one) => [one.id, one.placed_at, one.status, one.payment_status, one.total_amount]);
        const places = addresses.map(
          ({ id, label, phone, ...place }) =>
            `${label} (${id}): ${[placeText(place), phone].filter(Boolean).join(", ")}`,
        );
        print(
          { ...user, addresses, totals, orders },
          [
            contactText(user),
            places.length === 0 ? "No address." : places.join("\n"),
            orders.length === 0 ? "No orders." : sumsText(totals),
            ...(orders.length === 0 ? [] : [table(["ORDER", "PLACED", "STATUS", "PAYMENT", "TOTAL"], rows)]),
            ...(totals.orders > orders.length ? [`All of them: sanset order list --customer ${user.id}`] : []),
          ].join("\n"),
        );
      }),
    );

function contactText({
  id,
  full_name,
  email,
  phone,
  is_admin,
  is_active,
  email_verified_at,
  created_at,
}: User): string {
  const about = [
    is_admin ? "an admin" : "a customer",
    ...(is_active ? [] : ["locked out"]),
    email_verified_at === null ? "e-mail not confirmed" : "e-mail confirmed",
  ];
  return `${[`${full_name} (${id})`, email, phone].filter(Boolean).join(", ")}\n${about.join(", ")}, since ${created_at}`;
}

interface Edit {
  name?: string;
  email?: string;
  phone?: string;
}

const editCommand = ({ print, withShop }: Terminal) =>
  new Command("edit")
    .description("change a customer's name, e-mail or phone; what is not said stays")
    .argument("<customer>", "e-mail or id")
    .option("--name <name>", "their full name")
    .option("--email <email>", "their new e-mail: sessions end, and the old one hears of it")
    .option("--phone <phone>", "their phone")
    .addHelpText("after", "\nExample:\n  sanset customer edit asha@example.com --phone '+91 98220 00000'")
    .action((called: string, { name: full_name, email, phone }: Edit) =>
      withShop(async (shop) => {
        if (full_name === undefined && email === undefined && phone === undefined) {
          throw new ShopError("invalid", "Say what to change: --name, --email or --phone.");
        }
        const { id } = await getUserByIdOrEmail(shop, called);
        const user = await setStanding(shop, id, validate(Standing, { full_name, email, phone }));
        print(user, contactText(user));
      }),
    );
