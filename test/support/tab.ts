import { fileURLToPath } from "node:url";

/** The pages are tried in a real browser, which Bun drives by itself; where there is none, those tests are skipped. */
export const chromium = Bun.which("chromium") ?? Bun.which("google-chrome-stable") ?? undefined;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A process for each tab, and one that draws for all of them, cost a fifth more than the same in one.
  "--process-per-site",
  "--in-process-gpu",
  // Whatever a page asks of outside fails, and is seen as an error.
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];

/** A busy machine may take long; nothing here says how long something takes. */
const PATIENCE_MS = 30_000;

export interface Size {
  width: number;
  height: number;
}

export const DESKTOP: Size = { width: 1280, height: 860 };
export const PHONE: Size = { width: 390, height: 844 };

export type Tab = Awaited<ReturnType<typeof openTab>>;

/** A tab, and all that went wrong in it: errors, refusals of the page's own policy. Tabs share cookies, as those of one browser do. */
export async function openTab(url: string, size: Size = DESKTOP) {
  const wrong: string[] = [];
  const view = withDeadlines(
    new Bun.WebView({
      ...size,
      backend: { type: "chrome", path: chromium ?? "", argv: FLAGS },
      console: (type: string, ...words: unknown[]) => {
        if (type === "error" || type === "warning") wrong.push(words.join(" "));
      },
    }),
  );
  await view.navigate("about:blank");
  await view.cdp("Log.enable");
  view.addEventListener("Log.entryAdded", (event) => {
    const { entry } = (event as MessageEvent).data;
    if (entry.level === "error") wrong.push(`${entry.text} ${entry.url ?? ""}`);
  });
  await view.cdp("Page.addScriptToEvaluateOnNewDocument", {
    source: `document.addEventListener("securitypolicyviolation", (e) => console.error("CSP", e.violatedDirective, e.blockedURI))`,
  });

  const until = async (what: string) => {
    const end = Date.now() + PATIENCE_MS;
    while (!(await view.evaluate(what).catch(falseUnlessGone))) {
      if (Date.now() > end) throw new Error(`It never came to: ${what}\n${wrong.join("\n")}`);
      await Bun.sleep(25);
    }
  };
  /** The view's own `navigate` now and then waits for ever for a page that has long come. */
  const goTo = async (address: string) => {
    await view.evaluate("window.isLeft = true, undefined");
    await view.evaluate(`location.assign(${JSON.stringify(address)})`).catch(falseUnlessGone);
    await until("!window.isLeft && document.readyState === 'complete'");
  };
  await goTo(url);
  const has = (selector: string) => until(`${find(selector)} !== null`);
  const bringIntoSight = async (selector: string) => {
    await has(selector);
    await view.evaluate(`${find(selector)}.scrollIntoView({ block: "center", behavior: "instant" })`);
  };
  return {
    view,
    wrong,
    until,
    goTo,
    has,
    hasNot: (selector: string) => until(`${find(selector)} === null`),
    says: (selector: string, text: string) =>
      until(`(${find(selector)}?.textContent ?? "").includes(${JSON.stringify(text)})`),
    text: (selector: string) => view.evaluate<string | undefined>(`${find(selector)}?.textContent`),
    count: (selector: string) => view.evaluate<number>(`document.querySelectorAll(${JSON.stringify(selector)}).length`),
    click: async (selector: string) => {
      await bringIntoSight(selector);
      await view.click(selector);
    },
    fill: async (selector: string, text: string) => {
      await bringIntoSight(selector);
      await view.evaluate(`${find(selector)}.select?.()`);
      await view.click(selector);
      await view.evaluate(`${find(selector)}.select?.()`);
      await view.type(text);
    },
    press: (key: string) => view.press(key),
    /** Clicks the first button or link that says this, within a part of the page. */
    choose: async (text: string, within = "body") => {
      const found = `[...document.querySelectorAll(${JSON.stringify(`${within} :is(button, a, summary)`)})].find((one) => one.textContent.includes(${JSON.stringify(text)}) && !one.disabled)`;
      await until(`${found} !== undefined`);
      await view.evaluate(`${found}.click()`);
    },
    /** Picks the first of these that a list of options has. */
    pick: async (selector: string, ...values: string[]) => {
      await has(selector);
      await view.evaluate(`(() => {
        const list = ${find(selector)};
        list.value = ${JSON.stringify(values)}.find((value) => [...list.options].some((option) => option.value === value)) ?? list.options[1].value;
        list.dispatchEvent(new Event("input", { bubbles: true }));
        list.dispatchEvent(new Event("change", { bubbles: true }));
      })()`);
    },
    /** Sends the form that a field is in. */
    send: async (selector: string) => {
      await has(selector);
      await view.evaluate(`${find(selector)}.form.requestSubmit()`);
    },
    /** Holds a key beside another. */
    hold: async (key: string, modifiers: ("Control" | "Shift")[]) => {
      await view.press(key, { modifiers });
    },
    /** Chooses a file, as its dialog would. */
    putFile: async (selector: string, file: string) => {
      await has(selector);
      const { root } = await view.cdp<{ root: { nodeId: number } }>("DOM.getDocument");
      const { nodeId } = await view.cdp<{ nodeId: number }>("DOM.querySelector", { nodeId: root.nodeId, selector });
      await view.cdp("DOM.setFileInputFiles", { nodeId, files: [file] });
    },
    /** How much wider the page is than the screen, or the part of it that scrolls by itself on a phone. */
    overflow: () =>
      view.evaluate<number>(
        `Math.max(...[document.documentElement, document.querySelector("main")].map((one) => one ? one.scrollWidth - one.clientWidth : 0))`,
      ),
    inTheDark: (scheme: "dark" | "light") =>
      view.cdp("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] }),
    offline: (offline: boolean) =>
      view.cdp("Network.enable").then(() =>
        view.cdp("Network.emulateNetworkConditions", {
          offline,
          latency: 0,
          downloadThroughput: -1,
          uploadThroughput: -1,
        }),
      ),
    picture: async (file: string) => Bun.write(file, await view.screenshot()),
    [Symbol.dispose]: () => view.close(),
  };
}

class BrowserGone extends Error {}

/** A page that is being left answers with an error, and another one follows. */
function falseUnlessGone(error: unknown): boolean {
  if (error instanceof BrowserGone) throw error;
  return false;
}

/** Bun leaves a call unsettled for good where the page's process died; here it fails after a while, and says which. */
function withDeadlines(view: Bun.WebView): Bun.WebView {
  return new Proxy(view, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        const answer: unknown = Reflect.apply(value, target, given);
        return answer instanceof Promise ? beforeDeadline(answer, `${String(name)} ${String(given[0])}`) : answer;
      };
    },
  });
}

async function beforeDeadline<T>(answer: Promise<T>, call: string): Promise<T> {
  let timer: Timer | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const gone = new BrowserGone(`The browser has not answered for ${PATIENCE_MS / 1000} s: ${call.slice(0, 200)}`);
    timer = setTimeout(() => reject(gone), PATIENCE_MS);
  });
  return Promise.race([answer, deadline]).finally(() => clearTimeout(timer));
}

/** What axe looks for. */
const ALL_RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds. It runs in a world of its own, so that the page's own policy stays as it is. */
export const barriers = (tab: Tab): Promise<string[]> => axeFinds(tab, ALL_RULES);

/** What it finds of colours alone: in the dark a page has the same text and the same order as in the light. */
export const poorContrasts = (tab: Tab): Promise<string[]> => axeFinds(tab, ["color-contrast"]);

async function axeFinds({ view }: Tab, runOnly: readonly string[]): Promise<string[]> {
  const axe = await Bun.file(fileURLToPath(import.meta.resolve("axe-core/axe.min.js"))).text();
  const { frameTree } = await view.cdp<{ frameTree: { frame: { id: string } } }>("Page.getFrameTree");
  const { executionContextId: contextId } = await view.cdp<{ executionContextId: number }>("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
  });
  await view.cdp("Runtime.evaluate", { expression: axe, contextId });
  const expression = `axe.run({ runOnly: ${JSON.stringify(runOnly)} }).then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))`;
  const { result } = await view.cdp<{ result: { value: string[] } }>("Runtime.evaluate", {
    expression,
    contextId,
    awaitPromise: true,
    returnByValue: true,
  });
  return result.value;
}

const find = (selector: string): string => `document.querySelector(${JSON.stringify(selector)})`;
