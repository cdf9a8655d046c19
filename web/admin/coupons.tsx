import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { useCall } from "../kit/answer";
import { Misread, shop, type Shapes } from "../kit/api";
import { Dialog } from "../kit/dialog";
import { Field, Form, Send } from "../kit/form";
import { say, sayUndoable } from "../kit/toasts";
import { useVersion, type Versioned, versionOf } from "../kit/version";
import { Trouble } from "../kit/trouble";
import { amountIn, count, day, dayIn, money, percentIn } from "../kit/format";
import * as words from "../words/admin";
import { couldBeTwoAmounts } from "../words/kit";
import { Table } from "./table";

type Coupon = Shapes["Coupon"];

type Known = Shapes["CouponTakings"];

const read = (code: string) => shop.full("GET /coupons/{code}", { path: { code } });

export function Coupons() {
  const [edited, setEdited] = useState<Versioned<Known>>();
  const list = useCall("GET /coupons", { query: { size: 100 } });
  const coupons = list.data ?? [];
  const turn = async (code: string, is_active: boolean) => {
    await shop("PATCH /coupons/{code}", { path: { code }, body: { is_active } });
    sayUndoable(is_active ? words.couponOn(code) : words.couponOff(code), () => turn(code, !is_active));
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
              <div class="row">
                <Act verb={words.edit} work={async () => setEdited(versionOf(await read(coupon.code)))} />
                <Act
                  verb={coupon.is_active ? words.disable : words.enable}
                  work={() => turn(coupon.code, !coupon.is_active)}
                />
              </div>,
            ])}
          />
        </section>
      )}
      <Form<Given>
        class="card stack"
        send={async ({ off, ...limits }, form) => {
          const isPercent = off.endsWith("%");
          const value = isPercent ? percentIn(off) : amountIn(off);
          if (value === undefined) throw new Misread("off", couldBeTwoAmounts(off));
          const body = { ...limits, ...(isPercent ? { percent: value } : { amount: value }) };
          await shop("POST /coupons", { body });
          form.reset();
          list.again();
        }}
      >
        <h2>{words.newCoupon}</h2>
        <div class="columns">
          <Field name="code" label={words.code} required maxlength={40} />
          <Field name="off" label={words.takesOff} required hint={words.Or50} />
          <Limits />
        </div>
        <Send class="primary">{words.makeCoupon}</Send>
      </Form>
      {edited && (
        <Edit
          key={edited.etag}
          of={edited}
          saved={(now) => {
            setEdited(undefined);
            say(words.isSaved(now.record.code));
            list.again();
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}

type Given = Shapes["NewCoupon"] & { off: string };

const Limits = ({ of }: { of?: Coupon }) => (
  <>
    <Field name="min_total" label={words.forOrdersFrom} kind="money" value={of?.min_total ?? ""} />
    <Field name="max_uses" label={words.howOftenInAll} kind="number" value={of?.max_uses ?? ""} />
    <Field
      name="max_uses_per_customer"
      label={words.howOftenForOne}
      kind="number"
      value={of?.max_uses_per_customer ?? ""}
    />
    <Field name="ends_at" label={words.lastDay} type="date" value={of?.ends_at ? dayIn(of.ends_at) : ""} />
  </>
);

interface EditProps {
  of: Versioned<Known>;
  saved: (now: Versioned<Coupon>) => void;
  onClose: () => void;
}

/** The limits of a coupon, what came of it, and who else has changed it meanwhile. */
function Edit({ of, saved, onClose }: EditProps) {
  const { record } = of;
  const path = { code: record.code };
  const { save, clash } = useVersion<Coupon, Shapes["CouponChange"]>({
    of,
    place: `coupons/${record.code}`,
    read: () => read(record.code),
    write: (body, ifMatch) => shop.full("PATCH /coupons/{code}", { path, body, ...(ifMatch && { ifMatch }) }),
    saved,
  });
  return (
    <Dialog title={words.editCoupon(record.code)} onClose={onClose}>
      <Form<Shapes["CouponChange"]>
        class="stack"
        send={({ min_total = 0, max_uses = null, max_uses_per_customer = null, ends_at = null }) => {
          const all = { min_total, max_uses, max_uses_per_customer, ends_at };
          const before = { ...record, ends_at: record.ends_at && dayIn(record.ends_at) };
          const changed = Object.entries(all).filter(([name, value]) => Reflect.get(before, name) !== value);
          return save(Object.fromEntries(changed));
        }}
      >
        <p class="quiet">{words.usedFor(record.takings.orders, money(record.takings.total))}</p>
        <div class="columns">
          <Limits of={record} />
        </div>
        {clash}
        <Send class="primary">{words.save}</Send>
      </Form>
    </Dialog>
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
