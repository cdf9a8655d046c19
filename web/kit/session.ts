import { signal } from "@preact/signals";
import * as words from "../words/kit";
import { page, root } from "./place";

/**
 * Who is signed in on this page. The access token is kept here, in memory, where it ends with the tab; the refresh token is
 * in a cookie that no script reads. All tabs share the cookie, so each can sign itself in when it opens.
 */
export const standing = signal<"asking" | "in" | "out" | "locked">("asking");

/** Rises with each sign-in: from a guest to an account both are in, and it is another person. */
export const signIns = signal(0);

const DOOR = `${root}/api/v1/auth/pages/${page}`;
/** A token that is about to end may have ended when it arrives. */
const MARGIN_MS = 30_000;

let access: { token: string; endsAt: number } | undefined;
let renewing: Promise<string | undefined> | undefined;

/** A token that is good now; undefined where nobody is signed in. Throws when the server can't be reached. */
export async function accessToken(): Promise<string | undefined> {
  if (access && access.endsAt - Date.now() > MARGIN_MS) return access.token;
  return renew();
}

/** Whether whoever is in, or was, has not said who they are: nobody can be asked for the password of a guest. */
export let isGuest = false;

/** Whether there may be a session. Asking without one is a 401, which every visitor's console would show as an error. */
const KEPT = `sanset-${page}-in`;

/** Trades the cookie for a new token, also where there is one still: the server may know that it is over. */
export function renew(): Promise<string | undefined> {
  renewing ??= alone(async () => {
    if (localStorage.getItem(KEPT) === null) return leave(standing.value === "locked" ? "locked" : "out");
    const response = await fetch(`${DOOR}/renewal`, { method: "POST", keepalive: true });
    if (response.ok) return enter(await response.json());
    if (response.status !== 401) throw new Error(words.serverAnswered(response.status));
    // Who was signed in finds the page as it was behind the sign-in: nothing typed is lost.
    return leave(standing.value === "in" || standing.value === "locked" ? "locked" : "out");
  }).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

export interface Refusal {
  detail: string;
  code: string;
}

/** Signs in; what comes back is why not. After a sign-out that is still on its way: that would end the new session too. */
export async function signIn(credentials: Record<string, string>): Promise<Refusal | undefined> {
  const refusal = await alone(async () => {
    const response = await fetch(DOOR, {
      method: "POST",
      // A guest's token goes along: what the guest has is the account's from then on.
      headers: { "content-type": "application/json", ...(access && { authorization: `Bearer ${access.token}` }) },
      body: JSON.stringify(credentials),
    });
    if (!response.ok) return response.json() as Promise<Refusal>;
    enter(await response.json(), "1");
    return undefined;
  });
  if (refusal) return refusal;
  signIns.value++;
  tell("in");
  return undefined;
}

let entering: Promise<void> | undefined;

/**
 * A session for a visitor who has not said who they are, where there is none yet: a cart has to have an owner. Who puts two
 * things into it before there is one is one visitor all the same.
 */
export function enterAsGuest(): Promise<void> {
  entering ??= enterOnce().finally(() => {
    entering = undefined;
  });
  return entering;
}

async function enterOnce(): Promise<void> {
  if ((await accessToken()) !== undefined) return;
  const response = await fetch(`${DOOR}/guest`, { method: "POST" });
  if (!response.ok) throw new Error(((await response.json()) as Refusal).detail);
  enter(await response.json(), GUEST);
  tell("in");
}

/** Ends the session on the server, and the sign-in of every tab. */
export async function signOut(): Promise<void> {
  leave("out");
  tell("out");
  await alone(() => fetch(DOOR, { method: "DELETE", keepalive: true }));
}

/** Ends the session but leaves the page where it is, behind the sign-in: what was typed is still there afterwards. */
export async function lock(): Promise<void> {
  if (standing.value !== "in") return;
  leave("locked");
  tell("locked");
  await alone(() => fetch(DOOR, { method: "DELETE", keepalive: true }));
}

const others = new BroadcastChannel(`sanset-${page}`);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no origin but ours
const tell = (what: "in" | "out" | "locked") => others.postMessage(what);
others.addEventListener("message", ({ data }) => {
  if (data === "out" || data === "locked") leave(data);
  else
    void renew().then(
      () => signIns.value++,
      () => {},
    );
});

/**
 * One tab at a time: two that trade the same refresh token look like a thief and a victim, and the server ends the session.
 * Browsers have locks over HTTPS and on this machine; elsewhere the server's grace for lost answers has to do.
 */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request(`sanset-${page}`, work) : work();
}

const GUEST = "guest";

function enter(
  { access_token, expires_in }: { access_token: string; expires_in: number },
  as = localStorage.getItem(KEPT) ?? "1",
): string {
  access = { token: access_token, endsAt: Date.now() + expires_in * 1000 };
  localStorage.setItem(KEPT, as);
  isGuest = as === GUEST;
  standing.value = "in";
  return access_token;
}

function leave(as: "out" | "locked"): undefined {
  access = undefined;
  localStorage.removeItem(KEPT);
  standing.value = as;
}
