import { bundle } from "./bundle" with { type: "macro" };

/** The pages with all that they load. */
export const adminFiles = bundle("admin/index.html", "/admin/files");
export const shopFiles = bundle("shop/index.html", "/shop/files");
