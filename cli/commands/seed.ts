import { Command } from "commander";
import { findDemoAccounts } from "../../src/demo/accounts";
import { demoSize, type SeedReport, seedShop } from "../../src/demo/seed";
import { wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";

interface SeedArguments {
  seed: number;
  products: number;
  customers: number;
  orders: number;
  yes: boolean;
}

/** For a person who stops it. */
const GO_ON = "What is in the shop stays. The same command with --yes adds what is missing.";

export const seedCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("seed")
    .description("make a demo shop: products, customers with tastes, and a year of orders")
    .option("--seed <n>", "another number makes another shop", wholeNumber(0), demoSize.seed)
    .option("--products <n>", "how many products", wholeNumber(1, 100_000), demoSize.products)
    .option("--customers <n>", "how many customers", wholeNumber(1, 1_000_000), demoSize.customers)
    .option("--orders <n>", "how many orders", wholeNumber(0, 10_000_000), demoSize.orders)
    .option("--yes", "also into a shop that is not empty: what is there stays, what is missing is added", false)
    .action((options: SeedArguments) =>
      withShop(
        async (shop) => {
          const bars = {
            products: progress("Products", GO_ON),
            customers: progress("Customers", GO_ON),
            orders: progress("Orders", GO_ON),
          };
          const startedAt = performance.now();
          let ordersStartedAt = startedAt;
          const report = await seedShop(shop, {
            ...options,
            progress: (step, done, total) => {
              if (step !== "orders") ordersStartedAt = performance.now();
              bars[step].update(done, total);
            },
          });
          const endedAt = performance.now();
          const seconds = (endedAt - startedAt) / 1000;
          const lines_per_second = Math.round((report.order_lines * 1000) / (endedAt - ordersStartedAt));
          const answer = { ...report, lines_per_second, seconds, accounts: await findDemoAccounts(shop) };
          print(answer, seededText(answer));
        },
        { opening: "make" },
      ),
    );

type Answer = SeedReport & {
  lines_per_second: number;
  seconds: number;
  accounts: Awaited<ReturnType<typeof findDemoAccounts>>;
};

function seededText({ products, customers, orders, order_lines, lines_per_second, seconds, accounts }: Answer): string {
  const signIn = Object.values(accounts).map(({ email, password }) => `${email} / ${password}`);
  return [
    `Products:  ${added(products)}`,
    `Customers: ${added(customers)}`,
    `Orders:    ${added(orders)}`,
    `${order_lines.toLocaleString("en")} order lines at ${lines_per_second.toLocaleString("en")} a second; ${seconds.toFixed(1)} s in all`,
    ...(signIn.length > 0 ? [`Sign in as ${signIn.join(" or ")}`] : []),
  ].join("\n");
}

const added = (counts: { added: number; already_there: number }) =>
  `${counts.added.toLocaleString("en")} added, ${counts.already_there.toLocaleString("en")} there already`;
