import { Act } from "../kit/act";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { amountIn, count, day, money, percentIn } from "../kit/format";
import * as words from "../words/admin";
import { Table } from "./table";

type Coupon = Shapes["Coupon"];

export function Coupons() {
  const list = useAnswer((signal) => shop("GET /coupons", { query: { size: 100 }, signal }), []);
  const coupons = list.data ?? [];
  const toggle = async ({ code, is_active }: Coupon) => {
    await shop("PATCH /coupons/{code}", { path: { code }, body: { is_active: !is_active } });
    say(is_active ? words.couponOff(code) : words.couponOn(code));
    list.again();
  };
  return (
    <>
      <Trouble of={list} />
      {list.data && coupons.length === 0 && <p class="empty">{words.thereAreNoCoupons}</p>}
      {coupons.length > 0 && (
        <section class="card">
          <Table
            head={[words.code, words.takesOff, words.limits, [words.used], words.edit]}
            rows={coupons.map((coupon) => [
              coupon.code,
              coupon.percent === null ? money(coupon.amount ?? 0) : `${coupon.percent} %`,
              limitsOf(coupon),
              coupon.max_uses === null ? count(coupon.uses) : words.usedOf(count(coupon.uses), count(coupon.max_uses)),
              <Act verb={coupon.is_active ? words.disable : words.enable} work={() => toggle(coupon)} />,
            ])}
          />
        </section>
      )}
      <Form
        class="card stack"
        send={async ({ code = "", off = "", min_total, max_uses, max_uses_per_customer, ends_at }, form) => {
          const isPercent = off.trim().endsWith("%");
          const value = isPercent ? percentIn(off) : amountIn(off);
          const body = {
            code,
            ...(isPercent ? { percent: value ?? Number.NaN } : { amount: value ?? Number.NaN }),
            ...(min_total && { min_total: amountIn(min_total) ?? Number.NaN }),
            ...(max_uses && { max_uses: Number(max_uses) }),
            ...(max_uses_per_customer && { max_uses_per_customer: Number(max_uses_per_customer) }),
            ...(ends_at && { ends_at }),
          };
          await shop("POST /coupons", { body });
          form.reset();
          list.again();
        }}
      >
        <h2>{words.newCoupon}</h2>
        <div class="columns">
          <Field name="code" label={words.code} required maxlength={40} />
          <Field name="off" label={words.takesOff} required hint={words.Or50} />
          <Field name="min_total" label={words.forOrdersFrom} inputmode="decimal" />
          <Field name="max_uses" label={words.howOftenInAll} inputmode="numeric" />
          <Field name="max_uses_per_customer" label={words.howOftenForOne} inputmode="numeric" />
          <Field name="ends_at" label={words.lastDay} type="date" />
        </div>
        <Send class="primary">{words.makeCoupon}</Send>
      </Form>
    </>
  );
}

function limitsOf({ min_total, starts_at, ends_at, max_uses_per_customer, categories, is_active }: Coupon): string {
  return [
    !is_active && words.disabled,
    min_total > 0 && words.fromAmount(money(min_total)),
    starts_at && words.fromAmount(day(starts_at)),
    ends_at && words.until(day(ends_at)),
    max_uses_per_customer !== null && words.forEachCustomer(max_uses_per_customer),
    categories?.join(", "),
  ]
    .filter(Boolean)
    .join(" · ");
}
