import { Command } from "commander";
import { changeCoupon, createCoupon, listCoupons } from "../../src/coupons/coupons";
import { type Coupon, CouponChange, NewCoupon } from "../../src/coupons/schema";
import { reportCoupon } from "../../src/orders/coupon-takings";
import { walkOrders } from "../../src/orders/orders";
import type { Order } from "../../src/orders/schema";
import type { CouponTakings } from "../../src/orders/list-schema";
import type { Shop } from "../../src/shop/shop";
import { validate } from "../../src/base/validate";
import { amount, beginning, moment, percent, wholeNumber } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { sumsText, whoseText } from "./order-list";

export const couponCommand = (terminal: Terminal) =>
  new Command("coupon")
    .description("look after coupons")
    .addCommand(createCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(editCommand(terminal))
    .addCommand(switchCommand(terminal, "disable", "let nobody use a coupon any more", false))
    .addCommand(switchCommand(terminal, "enable", "let a coupon be used again", true));

interface Limits {
  percent?: number;
  amount?: number;
  minTotal?: number;
  starts?: string | false;
  ends?: string | false;
  uses?: number | false;
  usesPerCustomer?: number | false;
  category?: string[] | false;
}

const withLimits = (command: Command) =>
  command
    .option("--min-total <amount>", "what the goods must cost at least", amount)
    .option("--starts <time>", "from when, such as 2030-01-31 or '2030-01-31 18:00'", beginning)
    .option("--ends <time>", "until when; a day means its end", moment)
    .option("--uses <n>", "how often in all", wholeNumber(1, 1_000_000_000))
    .option("--uses-per-customer <n>", "how often for one customer", wholeNumber(1, 1_000_000_000))
    .option("--category <name...>", "only for goods of these categories");

const limitsOf = (limits: Limits) => ({
  min_total: limits.minTotal,
  starts_at: orNone(limits.starts),
  ends_at: orNone(limits.ends),
  max_uses: orNone(limits.uses),
  max_uses_per_customer: orNone(limits.usesPerCustomer),
  categories: orNone(limits.category),
});

const orNone = <Value>(value: Value | false): Value | null => (value === false ? null : value);

const createCommand = ({ print, withShop }: Terminal) =>
  withLimits(
    new Command("create")
      .description("make a coupon: a percentage or an amount off")
      .argument("<code>")
      .option("--percent <n>", "so much of the price, such as 10 or 12.5", percent(2))
      .option("--amount <amount>", "so much off, such as 40.5", amount),
  )
    .addHelpText(
      "after",
      "\nExamples:\n  sanset coupon create TEN --percent 10 --ends 2030-01-31\n  sanset coupon create WELCOME --amount 50 --min-total 500 --uses-per-customer 1",
    )
    .action((code: string, { percent: share, amount: off, ...limits }: Limits) =>
      withShop(async (shop) => {
        const created = await createCoupon(
          shop,
          validate(NewCoupon, { code, percent: share, amount: off, ...limitsOf(limits) }),
        );
        // A slip in the year is as good as no coupon.
        const over = created.ends_at !== null && created.ends_at <= shop.now().toISOString();
        print(
          created,
          `${created.code} takes ${worthOf(created)} off.${over ? " Its end is past: nobody can use it." : ""}`,
        );
      }),
    );

const LATEST = 20;

const showCommand = ({ print, withShop }: Terminal) =>
  new Command("show")
    .description("show a coupon: its limits, what its orders came to, and who used it")
    .argument("<code>")
    .addHelpText("after", "\nExample:\n  sanset coupon show TEN")
    .action((code: string) =>
      withShop(async (shop) => {
        const coupon = await reportCoupon(shop, code);
        const orders = await latestOf(shop, coupon);
        const rows = orders.map((order) => [
          order.id,
          order.placed_at,
          whoseText(order),
          order.discount,
          order.total_amount,
        ]);
        const more =
          coupon.takings.orders > rows.length ? [`All of them: sanset order list --coupon ${coupon.code}`] : [];
        const used = [sumsText(coupon.takings), table(["ORDER", "PLACED", "CUSTOMER", "OFF", "TOTAL"], rows), ...more];
        print(
          { ...coupon, orders },
          [limitsText(coupon), ...(rows.length === 0 ? ["Nobody has used it."] : used)].join("\n"),
        );
      }),
    );

/** However many orders without it came since. */
async function latestOf(shop: Shop, { code, takings }: CouponTakings): Promise<Order[]> {
  const latest: Order[] = [];
  const most = Math.min(LATEST, takings.orders);
  if (most === 0) return latest;
  for await (const some of walkOrders(shop, { coupon: code })) {
    latest.push(...some);
    if (latest.length >= most) break;
  }
  return latest.slice(0, LATEST);
}

function limitsText(coupon: Coupon): string {
  const { code, min_total, starts_at, ends_at, max_uses, max_uses_per_customer, categories, is_active, uses } = coupon;
  const limits = [
    ...(min_total > 0 ? [`from ${min_total}`] : []),
    ...(categories === null ? [] : [`for ${categories.join(", ")}`]),
    ...(starts_at === null ? [] : [`from ${starts_at} on`]),
    ...(ends_at === null ? [] : [`until ${ends_at}`]),
    `used ${uses} times${max_uses === null ? "" : ` of ${max_uses}`}`,
    ...(max_uses_per_customer === null ? [] : [`${max_uses_per_customer} for each customer`]),
    ...(is_active ? [] : ["switched off"]),
  ];
  return `${code} takes ${worthOf(coupon)} off: ${limits.join("; ")}.`;
}

const editCommand = ({ print, withShop }: Terminal) =>
  withLimits(new Command("edit").description("change a coupon's limits; what is not said stays").argument("<code>"))
    .option("--no-starts", "from now on")
    .option("--no-ends", "without an end")
    .option("--no-uses", "as often as anybody likes")
    .option("--no-uses-per-customer", "as often as a customer likes")
    .option("--no-category", "for all goods")
    .addHelpText(
      "after",
      "\nExamples:\n  sanset coupon edit TEN --ends 2030-03-31 --uses 500\n  sanset coupon edit TEN --no-ends --no-category",
    )
    .action((code: string, limits: Limits) =>
      withShop(async (shop) => {
        const coupon = await changeCoupon(shop, code, validate(CouponChange, limitsOf(limits)));
        print(coupon, limitsText(coupon));
      }),
    );

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list").description("list coupons and how often each was used").action(() =>
    withShop(async (shop) => {
      const { items: coupons } = await listCoupons(shop, { limit: 1_000_000, offset: 0 });
      const rows = coupons.map((coupon) => [
        coupon.code,
        worthOf(coupon),
        coupon.min_total > 0 ? coupon.min_total : "-",
        `${coupon.uses}${coupon.max_uses === null ? "" : ` of ${coupon.max_uses}`}`,
        coupon.ends_at ?? "-",
        coupon.is_active ? "yes" : "no",
      ]);
      print(coupons, table(["CODE", "OFF", "FROM", "USES", "ENDS", "ACTIVE"], rows, "There are no coupons."));
    }),
  );

const switchCommand = ({ print, withShop }: Terminal, verb: string, description: string, is_active: boolean) =>
  new Command(verb)
    .description(description)
    .argument("<code>")
    .action((code: string) =>
      withShop(async (shop) => {
        const coupon = await changeCoupon(shop, code, validate(CouponChange, { is_active }));
        print(coupon, `${coupon.code} can${is_active ? "" : "not"} be used${is_active ? "" : " any more"}.`);
      }),
    );

function worthOf({ percent: share, amount: off }: Coupon): string {
  return share === null ? String(off) : `${share} %`;
}
