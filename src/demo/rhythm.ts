import { dateOf, DAYS, seasonFactor } from "./calendar";
import { pickWeighted, type Random, summed } from "../base/random";

/** Orders of each hour beside the others: a peak before lunch, a higher one in the evening. */
const ORDERS_BY_HOUR: readonly number[] = [
  1, 0.5, 0.2, 0.2, 0.3, 1, 4, 8, 10, 11, 11, 9, 7, 5, 4, 5, 8, 12, 16, 17, 14, 9, 5, 2,
];

const hourSums = summed(ORDERS_BY_HOUR);
const ordersADay = hourSums.at(-1) ?? 1;

/** Orders of each day, adding up to the total. The last one has only begun. */
export function ordersByDay(orders: number, start: number): number[] {
  const weights = Array.from(
    { length: DAYS },
    (_, day) => demandOfDay(start + day, start) * (day === DAYS - 1 ? 0.5 : 1),
  );
  const sums = summed(weights);
  const total = sums.at(-1) ?? 1;
  let given = 0;
  return weights.map((_, day) => {
    const due = Math.round((orders * (sums[day] ?? 0)) / total) - given;
    given += due;
    return due;
  });
}

function shareOfOrders(dayShare: number): number {
  const hour = Math.min(23, Math.floor(dayShare * 24));
  const before = hour === 0 ? 0 : (hourSums[hour - 1] ?? 0);
  return (before + (ORDERS_BY_HOUR[hour] ?? 0) * (dayShare * 24 - hour)) / ordersADay;
}

/** Shares of the day, in order, none later than `endShare`. */
export function momentsOfDay(random: Random, count: number, endShare: number): Float64Array {
  const most = shareOfOrders(endShare);
  return Float64Array.from({ length: count }, () => {
    const share = random() * most;
    const hour = pickWeighted(hourSums, share);
    const before = hour === 0 ? 0 : (hourSums[hour - 1] ?? 0);
    return Math.min(endShare, (hour + (share * ordersADay - before) / (ORDERS_BY_HOUR[hour] ?? 1)) / 24);
  }).sort();
}

/** How many orders a day draws beside the others of the year, whose first day is `start`: growth, weekdays, wages. */
function demandOfDay(day: number, start: number): number {
  const growth = 1 + (0.7 * (day - start)) / 365;
  const date = dateOf(day);
  const weekday = [1.4, 0.85, 0.85, 0.9, 0.95, 1.05, 1.3][date.getUTCDay()] ?? 1;
  // Salaries come on the last day of the month.
  const wages = date.getUTCDate() <= 5 ? 1.25 : 1;
  const festival = 1 + 0.08 * Math.max(0, seasonFactor("diwali", day) - 1);
  return growth * weekday * wages * festival;
}
