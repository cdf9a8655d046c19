import type { Listed, Page } from "../base/page";
import { fromJson, Json, type Reader, type Transaction, type Value } from "../storage/database";
import { readList } from "../storage/lists";
import { countOf } from "../storage/sql";

/** A coupon as it is written down, in minor units. */
export interface CouponRecord {
  code: string;
  /** 12.5 % is 1,250. */
  percent_hundredths: number | null;
  amount_minor: number | null;
  min_total_minor: number;
  starts_at: string | null;
  ends_at: string | null;
  max_uses: number | null;
  max_uses_per_customer: number | null;
  categories: string[] | null;
  is_active: boolean;
  uses: number;
  created_at: string;
}

type CouponRow = Omit<CouponRecord, "categories" | "is_active"> & { categories: unknown; is_active: number };

/** One that a program of before made says whole percents alone. */
const COLUMNS = `code, COALESCE(percent_hundredths, percent * 100) AS percent_hundredths, amount_minor, min_total_minor, starts_at, ends_at, max_uses, max_uses_per_customer,
  categories, is_active, uses, created_at`;

export async function findCoupon(reader: Reader, code: string): Promise<CouponRecord | undefined> {
  const row = await reader.first<CouponRow>(`SELECT ${COLUMNS} FROM coupons WHERE code = $1`, [code]);
  return row && toRecord(row);
}

/** A coupon that nobody else uses or changes until this transaction ends. */
export async function holdCoupon(tx: Transaction, code: string): Promise<CouponRecord | undefined> {
  const row = await tx.first<CouponRow>(`UPDATE coupons SET uses = uses WHERE code = $1 RETURNING ${COLUMNS}`, [code]);
  return row && toRecord(row);
}

/** By code, and how many there are in all. */
export async function findCoupons(reader: Reader, page: Page): Promise<Listed<CouponRecord>> {
  const { items, ...listed } = await readList<CouponRow>(
    reader,
    {
      sql: "",
      values: [],
      columns: COLUMNS,
      from: "coupons",
      order: [{ column: "code", part: "text" }],
      descending: false,
    },
    page,
  );
  return { ...listed, items: items.map(toRecord) };
}

/** False, and nothing changes, when there is one of this code. */
export async function insertCoupon(tx: Transaction, coupon: Omit<CouponRecord, "uses">): Promise<boolean> {
  const inserted = await tx.run(
    `INSERT INTO coupons (code, percent, amount_minor, min_total_minor, starts_at, ends_at, max_uses, max_uses_per_customer,
       categories, is_active, created_at, percent_hundredths)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (code) DO NOTHING`,
    [
      coupon.code,
      wholePercent(coupon),
      coupon.amount_minor,
      ...limitValues(coupon),
      coupon.created_at,
      coupon.percent_hundredths,
    ],
  );
  return inserted === 1;
}

/** What a program of before, that may run beside this one, reads: whole percents, at least one. */
const wholePercent = ({ percent_hundredths: hundredths }: Pick<CouponRecord, "percent_hundredths">): number | null =>
  hundredths === null ? null : Math.max(1, Math.floor(hundredths / 100));

export async function updateCoupon(tx: Transaction, coupon: CouponRecord): Promise<void> {
  await tx.run(
    `UPDATE coupons SET min_total_minor = $2, starts_at = $3, ends_at = $4, max_uses = $5, max_uses_per_customer = $6,
       categories = $7, is_active = $8 WHERE code = $1`,
    [coupon.code, ...limitValues(coupon)],
  );
}

function limitValues(coupon: Omit<CouponRecord, "uses">): Value[] {
  return [
    coupon.min_total_minor,
    coupon.starts_at,
    coupon.ends_at,
    coupon.max_uses,
    coupon.max_uses_per_customer,
    coupon.categories && new Json(coupon.categories),
    Number(coupon.is_active),
  ];
}

/** One use more. Whether one is left was asked when the coupon was held. */
export async function takeUse(tx: Transaction, code: string): Promise<void> {
  await tx.run("UPDATE coupons SET uses = uses + 1 WHERE code = $1", [code]);
}

export async function insertUse(
  tx: Transaction,
  { order_id, code, user_id }: { order_id: number; code: string; user_id: number },
  now: string,
): Promise<void> {
  await tx.run("INSERT INTO coupon_uses (order_id, code, user_id, used_at) VALUES ($1, $2, $3, $4)", [
    order_id,
    code,
    user_id,
    now,
  ]);
}

/** The code whose use was given back; undefined when this order used none, or gave it back before. */
export async function returnUse(tx: Transaction, orderId: number, now: string): Promise<string | undefined> {
  const row = await tx.first<{ code: string }>(
    "UPDATE coupon_uses SET returned_at = $2 WHERE order_id = $1 AND returned_at IS NULL RETURNING code",
    [orderId, now],
  );
  if (row) await tx.run("UPDATE coupons SET uses = uses - 1 WHERE code = $1", [row.code]);
  return row?.code;
}

export function countUsesOf(reader: Reader, code: string, userId: number): Promise<number> {
  return countOf(reader, "SELECT COUNT(*) FROM coupon_uses WHERE code = $1 AND user_id = $2 AND returned_at IS NULL", [
    code,
    userId,
  ]);
}

/** The codes of coupons that are for some categories alone, with these. */
export async function findBoundCoupons(reader: Reader): Promise<{ code: string; categories: string[] }[]> {
  const rows = await reader.all<{ code: string; categories: unknown }>(
    "SELECT code, categories FROM coupons WHERE categories IS NOT NULL ORDER BY code",
  );
  // What is in the column was checked when it was written.
  return rows.map(({ code, categories }) => ({ code, categories: (fromJson(categories) ?? []) as string[] }));
}

function toRecord({ categories, is_active, ...row }: CouponRow): CouponRecord {
  // What is in the column was checked when it was written.
  return { ...row, categories: fromJson(categories) as string[] | null, is_active: is_active === 1 };
}

/** What one customer used counts for another. */
export async function moveUses(tx: Transaction, from: number, to: number): Promise<void> {
  await tx.run("UPDATE coupon_uses SET user_id = $2 WHERE user_id = $1", [from, to]);
}
