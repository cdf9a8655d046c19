import * as words from "../words/admin";

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
];

const isNumber = (text: string) => /^\d+$/.test(text);

/** When a job comes, in words; as it is written where no few words say it. */
export function scheduleInWords(schedule: string): string {
  const seconds = Number(/^every (\d+) s$/.exec(schedule)?.[1] ?? 0);
  const [size = 1, name = ""] = UNITS.find(([size]) => seconds >= size && seconds % size === 0) ?? [];
  if (seconds > 0) return seconds === size ? words.onceA(name) : words.everyFew(seconds / size, name);
  const [minute = "", hour = "", day = "", month = "", weekday = "", zone = ""] = schedule.split(" ");
  if (!isNumber(minute) || month !== "*") return schedule;
  const past = minute.padStart(2, "0");
  if (hour === "*" && day === "*" && weekday === "*") return words.hourlyAt(past);
  const time = `${hour.padStart(2, "0")}:${past} ${zone}`;
  if (!isNumber(hour)) return schedule;
  if (day === "*" && weekday === "*") return words.dailyAt(time);
  if (day === "*" && isNumber(weekday)) return words.weeklyAt(Number(weekday), time);
  return isNumber(day) && weekday === "*" ? words.monthlyAt(day, time) : schedule;
}
