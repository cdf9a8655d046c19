import { chromium, openTab, type Tab } from "../test/support/tab";
import { type Figure, median, quantile, report } from "./harness";
import { inFolder, type Running, sanset, sansetHears, startSanset } from "./servers";

const PRODUCTS = "20000";
const FEW = 100;
const MANY = 100_000;
const OPENED = 10;
const CALLS = 100;
/** Faster than most people type; what a key found is on screen before the next. */
const KEYS_APART_MS = 150;

const BY_NUMBER = "found by a number,";
const BY_NAME = "found by a name,";
/** These look into the 20,000 newest orders and no further: their time has an end, but is not that of a list. */
const SEARCHED: ReadonlySet<string> = new Set([BY_NUMBER, BY_NAME]);

const EMAIL = "keeper@example.com";
const PASSWORD = "a long enough one";

/** What visitors search for in the demo's catalog. */
const SEARCHES = [
  "basmati rice",
  "full cream milk",
  "toor dal",
  "shampoo",
  "green tea",
  "sunflower oil",
  "biscuits 100 g",
];

/** Notes in the page when this first stands in it, counted from its beginning, and once it has been painted. */
const NOTE = (selector: string) => `(() => {
  const look = () => {
    if (!document.querySelector(${JSON.stringify(selector)})) return requestAnimationFrame(look);
    requestAnimationFrame(() => { window.seenAt ??= performance.now(); });
  };
  look();
})()`;

/** Notes, each time that a part of the page says something else, how long after a key that was, and once it has been painted. */
const NOTE_AFTER_KEYS = (selector: string) => `(() => {
  window.waits = [];
  let pressedAt = 0;
  addEventListener("keydown", () => { pressedAt = performance.now(); }, true);
  let before = "";
  const look = () => {
    const now = [...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.textContent).join();
    if (now !== before && now !== "") requestAnimationFrame(() => window.waits.push(performance.now() - pressedAt));
    before = now;
    requestAnimationFrame(look);
  };
  look();
})()`;

/**
 * What people wait for in the pages: the sign-in, what a search finds as it is typed, and lists of many orders. `bench pages
 * 1000` takes a thousand orders for many.
 */
export async function run([many = String(MANY)]: string[]): Promise<boolean> {
  if (!chromium) throw new Error("This needs Chromium.");
  return inFolder(async (folder) => {
    await sanset(folder, "seed", "--products", PRODUCTS, "--orders", String(FEW), "--customers", "1000");
    await sansetHears(
      `${PASSWORD}\n`,
      folder,
      "user",
      "create",
      EMAIL,
      "--admin",
      "--name",
      "Keeper",
      "--password-stdin",
    );
    const few = await served(folder, async (server) => ({
      figures: [...(await signInOnScreen(server)), ...(await searchAsTyped(server))],
      lists: await lists(server),
    }));
    Bun.WebView.closeAll();
    await sanset(folder, "seed", "--products", PRODUCTS, "--orders", many, "--customers", "1000", "--yes");
    const more = await served(folder, lists);
    const of = `of ${Number(many).toLocaleString("en")} orders, median`;
    const compared = Object.entries(more).map(([name, measured]): Figure =>
      SEARCHED.has(name)
        ? { name: `${name} ${of}`, measured, unit: "ms", limit: { atMost: 500 } }
        : {
            name: `${name} ${of}`,
            measured,
            unit: "ms",
            rival: { name: `of ${FEW}`, measured: few.lists[name] ?? Number.NaN },
            limit: { atMost: 1.5 },
          },
    );
    return report("The pages", [...few.figures, ...compared]);
  });
}

async function served<Result>(folder: string, work: (server: Running) => Promise<Result>): Promise<Result> {
  const server = await startSanset(folder);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** From an address that is entered to a form that can be filled in, in a tab that has nothing kept. */
async function signInOnScreen({ port }: Running): Promise<Figure[]> {
  const waits: number[] = [];
  for (let opened = 0; opened < OPENED; opened++) {
    using tab = await openTab("about:blank");
    await tab.view.cdp("Network.clearBrowserCache");
    await tab.view.cdp("Page.addScriptToEvaluateOnNewDocument", { source: NOTE("dialog.sign-in[open] input") });
    await tab.goTo(`http://127.0.0.1:${port}/admin`);
    await tab.until("window.seenAt > 0");
    waits.push(await tab.view.evaluate<number>("window.seenAt"));
  }
  return [
    { name: `sign-in on screen, median of ${OPENED}`, measured: median(waits), unit: "ms", limit: { atMost: 500 } },
    // The first makes the files and packs them.
    { name: "the slowest of them", measured: Math.max(...waits), unit: "ms" },
  ];
}

/** Each search is typed key by key; what counts is each key that leads to something else. */
async function searchAsTyped({ port }: Running): Promise<Figure[]> {
  const suggested: number[] = [];
  const found: number[] = [];
  using tab = await openTab(`http://127.0.0.1:${port}/shop`);
  for (const search of [...SEARCHES, ...SEARCHES]) {
    await typeIn(tab, port, search, "[role=option]");
    suggested.push(...(await tab.view.evaluate<number[]>("window.waits")));
    await typeIn(tab, port, search, "main .shelf li");
    await tab.press("Enter");
    // What stood there before was noted as it was.
    await tab.until(`location.pathname.endsWith("/search") && window.waits.length > 1`);
    found.push(await tab.view.evaluate<number>("window.waits.at(-1)"));
  }
  return [...waited("suggestions after a key", suggested), ...waited("results after Enter", found)];
}

function waited(name: string, waits: number[]): Figure[] {
  return [
    { name: `${name}, median of ${waits.length}`, measured: median(waits), unit: "ms", limit: { atMost: 100 } },
    { name: "p90", measured: quantile(waits, 0.9), unit: "ms" },
  ];
}

async function typeIn(tab: Tab, port: number, search: string, selector: string): Promise<void> {
  await tab.goTo(`http://127.0.0.1:${port}/shop`);
  await tab.has("main .shelf li");
  await tab.view.evaluate(NOTE_AFTER_KEYS(selector));
  await tab.click("[role=combobox]");
  for (const key of search) {
    await tab.press(key === " " ? "Space" : key);
    await Bun.sleep(KEYS_APART_MS);
  }
  await tab.has("[role=option]");
  // What is on its way has come by then.
  await Bun.sleep(500);
}

/** What the lists of orders cost, as the page asks for them. */
async function lists({ port }: Running): Promise<Record<string, number>> {
  const at = `http://127.0.0.1:${port}/api/v1`;
  const headers = { "content-type": "application/json" };
  const login = { method: "POST", headers, body: JSON.stringify({ email: EMAIL, password: PASSWORD }) };
  const { access_token } = (await (await fetch(`${at}/auth/login`, login)).json()) as { access_token: string };
  const timed = async (query: string): Promise<number> => {
    const waits: number[] = [];
    for (let call = 0; call < CALLS + 10; call++) {
      const began = performance.now();
      const answer = await fetch(`${at}/orders/all?size=20${query}`, {
        headers: { authorization: `Bearer ${access_token}` },
      });
      if (answer.status !== 200) throw new Error(await answer.text());
      await answer.text();
      waits.push(performance.now() - began);
    }
    return median(waits.slice(10));
  };
  return {
    "the newest": await timed(""),
    "page 3": await timed("&page=3"),
    "those delivered": await timed("&status=delivered"),
    [BY_NUMBER]: await timed("&q=42"),
    [BY_NAME]: await timed("&q=sharma"),
  };
}
