import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { validate } from "../../src/base/validate";
import { changeMethod, createMethod, listMethods, removeMethod } from "../../src/shipping/methods";
import { NewShippingMethod, type ShippingMethod, ShippingMethodChange } from "../../src/shipping/schema";
import { amount, wholeNumber } from "../arguments";
import { YES } from "../confirm";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const shippingCommand = (terminal: Terminal) =>
  new Command("shipping")
    .description("ways of delivery and what they cost")
    .addCommand(listCommand(terminal))
    .addCommand(createCommand(terminal))
    .addCommand(editCommand(terminal))
    .addCommand(removeCommand(terminal));

const methodId = wholeNumber(1, LARGEST_ID);

interface MethodOptions {
  name?: string;
  price?: number;
  description?: string | false;
  country?: string[] | false;
  state?: string[] | false;
  pincode?: string[] | false;
  perKg?: number | false;
  freeFrom?: number | false;
  minTotal?: number | false;
  maxTotal?: number | false;
  maxGrams?: number | false;
  minutes?: number | false;
  position?: number;
  active?: boolean;
}

/** What takes a limit away again. */
const withoutLimits = (command: Command) =>
  command
    .option("--no-description", "say nothing of it")
    .option("--no-country", "to every country")
    .option("--no-state", "to every state")
    .option("--no-pincode", "to every pincode")
    .option("--no-per-kg", "whatever it weighs, it costs the same")
    .option("--no-free-from", "never free")
    .option("--no-min-total", "however little the goods come to")
    .option("--no-max-total", "however much the goods come to")
    .option("--no-max-grams", "whatever it weighs")
    .option("--no-minutes", "it takes the shop's usual time");

const orNone = <Value>(value: Value | false): Value | null => (value === false ? null : value);

const withLimits = (command: Command) =>
  command
    .option("--description <text>", "what customers read of it")
    .option("--country <code...>", "only to these countries")
    .option("--state <name...>", "only to these states")
    .option("--pincode <start...>", "only to pincodes that begin like this")
    .option("--per-kg <amount>", "for each kilogram that is begun", amount)
    .option("--free-from <amount>", "free where the goods come to so much", amount)
    .option("--min-total <amount>", "only where the goods come to so much", amount)
    .option("--max-total <amount>", "only up to so much", amount)
    .option("--max-grams <n>", "only up to this weight", wholeNumber(1, 100_000_000))
    .option("--minutes <n>", "how long it takes", wholeNumber(0, 525_600))
    .option("--position <n>", "of two that cost the same, the lower comes first", wholeNumber(0, 1_000_000));

function fieldsOf(given: MethodOptions): Record<string, unknown> {
  return {
    name: given.name,
    price: given.price,
    description: orNone(given.description),
    countries: orNone(given.country),
    states: orNone(given.state),
    pincodes: orNone(given.pincode),
    price_per_kg: given.perKg === false ? 0 : given.perKg,
    free_from: orNone(given.freeFrom),
    min_total: orNone(given.minTotal),
    max_total: orNone(given.maxTotal),
    max_grams: orNone(given.maxGrams),
    delivery_minutes: orNone(given.minutes),
    position: given.position,
    is_active: given.active,
  };
}

const listCommand = ({ print, withShop }: Terminal) =>
  new Command("list").description("list the ways of delivery").action(() =>
    withShop(async (shop) => {
      const methods = await listMethods(shop, { all: true });
      const text = "There is no way of delivery: orders go everywhere, and for nothing.";
      print(methods, methods.length === 0 ? text : tableOf(methods));
    }),
  );

const createCommand = ({ print, withShop }: Terminal) =>
  withLimits(
    new Command("create")
      .description("add a way of delivery")
      .argument("<name>", "what it is called")
      .requiredOption("--price <amount>", "what it costs", amount),
  )
    .addHelpText("after", "\nExample:\n  sanset shipping create Post --price 49 --free-from 999 --country IN")
    .action((name: string, given: MethodOptions) =>
      withShop(async (shop) => {
        const method = await createMethod(shop, validate(NewShippingMethod, fieldsOf({ ...given, name })));
        print(method, tableOf([method]));
      }),
    );

const editCommand = ({ print, withShop }: Terminal) =>
  withoutLimits(
    withLimits(
      new Command("edit")
        .description("change a way of delivery; what is not given stays")
        .argument("<id>", "its id", methodId)
        .option("--name <name>", "what it is called")
        .option("--price <amount>", "what it costs", amount)
        .option("--active", "offer it again")
        .option("--no-active", "offer it no more"),
    ),
  ).action((id: number, given: MethodOptions) =>
    withShop(async (shop) => {
      const method = await changeMethod(shop, id, validate(ShippingMethodChange, fieldsOf(given)));
      print(method, tableOf([method]));
    }),
  );

const removeCommand = ({ print, confirm, withShop }: Terminal) =>
  new Command("remove")
    .description("remove a way of delivery; orders that chose it keep its name")
    .argument("<id>", "its id", methodId)
    .option(...YES)
    .addHelpText(
      "after",
      "\nExample:\n  sanset shipping remove 3\nTo stop offering it for a while: sanset shipping edit 3 --no-active",
    )
    .action((id: number, { yes }: { yes?: boolean }) =>
      withShop(async (shop) => {
        const method = (await listMethods(shop, { all: true })).find((one) => one.id === id);
        await confirm(`Remove the way of delivery ${id}${method ? `, ${method.name} for ${method.price}` : ""}?`, yes);
        await removeMethod(shop, id);
        print({ id }, `The way of delivery ${id} is gone.`);
      }),
    );

function tableOf(methods: readonly ShippingMethod[]): string {
  const rows = methods.map((method) => [
    method.id,
    method.name,
    method.price,
    method.free_from ?? "-",
    [method.countries, method.states, method.pincodes].flatMap((places) => places ?? []).join(", ") || "everywhere",
    limitsText(method),
    method.is_active ? "yes" : "no",
  ]);
  return table(
    ["ID", "NAME", "PRICE", "FREE FROM", "WHERE", "LIMITS", "ACTIVE"],
    rows,
    "There are no ways of delivery: delivery costs nothing.",
  );
}

function limitsText(method: ShippingMethod): string {
  const { price_per_kg, min_total, max_total, max_grams, delivery_minutes } = method;
  const limits = [
    ...(price_per_kg > 0 ? [`${price_per_kg} for each kg`] : []),
    ...(min_total === null ? [] : [`from ${min_total}`]),
    ...(max_total === null ? [] : [`up to ${max_total}`]),
    ...(max_grams === null ? [] : [`up to ${max_grams} g`]),
    ...(delivery_minutes === null ? [] : [`${delivery_minutes} min`]),
  ];
  return limits.join(", ") || "-";
}
