import { Command } from "commander";
import { changeCoupon, createCoupon, listCoupons } from "../../src/coupons/coupons";
import { type Coupon, CouponChange, NewCoupon } from "../../src/coupons/schema";
import { validate } from "../../src/base/validate";
import { amount, beginning, moment, wholeNumber } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const couponCommand = (terminal: Terminal) =>
  new Command("coupon")
    .description("look after coupons")
    .addCommand(createCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(switchCommand(terminal, "disable", "let nobody use a coupon any more", false))
    .addCommand(switchCommand(terminal, "enable", "let a coupon be used again", true));

interface Limits {
  percent?: number;
  amount?: number;
  minTotal?: number;
  starts?: string;
  ends?: string;
  uses?: number;
  usesPerCustomer?: number;
  category?: string[];
}

const createCommand = ({ print, withShop }: Terminal) =>
  new Command("create")
    .description("make a coupon: a percentage or an amount off")
    .argument("<code>")
    .option("--percent <n>", "so much of the price", wholeNumber(1, 100))
    .option("--amount <amount>", "so much off, such as 40.5", amount)
    .option("--min-total <amount>", "what the goods must cost at least", amount)
    .option("--starts <time>", "from when, such as 2030-01-31 or '2030-01-31 18:00'", beginning)
    .option("--ends <time>", "until when; a day means its end", moment)
    .option("--uses <n>", "how often in all", wholeNumber(1, 1_000_000_000))
    .option("--uses-per-customer <n>", "how often for one customer", wholeNumber(1, 1_000_000_000))
    .option("--category <name...>", "only for goods of these categories")
    .action((code: string, limits: Limits) =>
      withShop(async (shop) => {
        const coupon = validate(NewCoupon, {
          code,
          percent: limits.percent,
          amount: limits.amount,
          min_total: limits.minTotal,
          starts_at: limits.starts,
          ends_at: limits.ends,
          max_uses: limits.uses,
          max_uses_per_customer: limits.usesPerCustomer,
          categories: limits.category,
        });
        const created = await createCoupon(shop, coupon);
        print(created, `${created.code} takes ${worthOf(created)} off.`);
      }),
    );

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list").description("list coupons and how often each was used").action(() =>
    withShop(async (shop) => {
      const { items: coupons } = await listCoupons(shop, { limit: 1_000_000, offset: 0 });
      const rows = coupons.map((coupon) => [
        coupon.code,
        worthOf(coupon),
        `${coupon.uses}${coupon.max_uses === null ? "" : ` of ${coupon.max_uses}`}`,
        coupon.ends_at ?? "-",
        coupon.is_active ? "yes" : "no",
      ]);
      print(coupons, table(["CODE", "OFF", "USES", "ENDS", "ACTIVE"], rows));
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

function worthOf({ percent, amount }: Coupon): string {
  return percent === null ? String(amount) : `${percent} %`;
}
