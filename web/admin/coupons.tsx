import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, FormFailure, useSending, valuesOf } from "../kit/form";
import { attempt, say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { amountIn, count, day, money } from "../kit/format";
import * as words from "../words/admin";
import { Table } from "./table";

type Coupon = Shapes["Coupon"];

export function Coupons() {
  const list = useAnswer((signal) => shop("GET /coupons", { query: { size: 100 }, signal }), []);
  const { send, failure, isSending } = useSending();
  const coupons = list.data ?? [];
  const toggle = async ({ code, is_active }: Coupon) => {
    await attempt(async () => {
      await shop("PATCH /coupons/{code}", { path: { code }, body: { is_active: !is_active } });
      say(is_active ? words.couponOff(code) : words.couponOn(code));
      list.again();
    });
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
              `${count(coupon.uses)}${coupon.max_uses === null ? "" : ` of ${count(coupon.max_uses)}`}`,
              <button type="button" onClick={() => void toggle(coupon)}>
                {coupon.is_active ? words.disable : words.enable}
              </button>,
            ])}
          />
        </section>
      )}
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const { code = "", off = "", minimum, uses, each, ends } = valuesOf(form);
          const isPercent = off.endsWith("%");
          const value = amountIn(off.replace("%", ""));
          const body = {
            code,
            ...(isPercent ? { percent: value ?? Number.NaN } : { amount: value ?? Number.NaN }),
            ...(minimum && { min_total: amountIn(minimum) ?? Number.NaN }),
            ...(uses && { max_uses: Number(uses) }),
            ...(each && { max_uses_per_customer: Number(each) }),
            ...(ends && { ends_at: new Date(`${ends}T23:59:59`).toISOString() }),
          };
          void send(async () => {
            await shop("POST /coupons", { body });
            form.reset();
            list.again();
          });
        }}
      >
        <h2>{words.newCoupon}</h2>
        <div class="columns">
          <Field name="code" label={words.code} failure={failure} required maxlength={40} />
          <Field name="off" label={words.takesOff} failure={failure} required hint={words.Or50} />
          <Field name="minimum" label={words.forOrdersFrom} inputmode="decimal" failure={failure} />
          <Field name="uses" label={words.howOftenInAll} inputmode="numeric" failure={failure} />
          <Field name="each" label={words.howOftenForOne} inputmode="numeric" failure={failure} />
          <Field name="ends" label={words.lastDay} type="date" failure={failure} />
        </div>
        <FormFailure failure={failure} />
        <button class="primary" disabled={isSending}>
          {words.makeCoupon}
        </button>
      </form>
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
