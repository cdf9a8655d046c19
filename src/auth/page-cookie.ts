import { ShopError } from "../base/errors";
import type { Settings } from "../shop/settings";

export type Page = "admin" | "shop";

/** The cookie in which a page of this server keeps its refresh token: no script reads it, and it goes nowhere but to its calls. */
export function pageCookies({ publicUrl }: Pick<Settings, "publicUrl">) {
  const isSecure = publicUrl.startsWith("https:");
  const prefix = new URL(publicUrl).pathname.replace(/\/+$/, "");
  const name = isSecure ? "__Secure-sanset" : "sanset";
  /** Without a `Max-Age` it ends with the browser; with zero it ends at once. */
  const cookie = (page: Page, value: string, isOver: boolean) =>
    [
      `${name}=${value}`,
      `Path=${prefix}/api/v1/auth/pages/${page}`,
      "HttpOnly",
      "SameSite=Strict",
      ...(isSecure ? ["Secure"] : []),
      ...(isOver ? ["Max-Age=0"] : []),
    ].join("; ");
  return {
    keep: (page: Page, refreshToken: string) => cookie(page, refreshToken, false),
    forget: (page: Page) => cookie(page, "", true),
    /** An empty token is a wrong one. */
    tokenIn: (request: Request) => new Bun.CookieMap(request.headers.get("cookie") ?? "").get(name) ?? "",
  };
}

/**
 * Throws `forbidden` for what no page of this server asked. SameSite=Strict lets neighbours on the same domain in, such as
 * blog.shop.example. Browsers say who asks: in `Sec-Fetch-Site` over HTTPS and on this machine, else in `Origin`.
 */
export function checkOurPage(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const isOurs =
    site !== null ? site === "same-origin" : origin !== null && URL.parse(origin)?.host === request.headers.get("host");
  if (!isOurs) throw new ShopError("forbidden", "Only a page of this server may do this.");
}
