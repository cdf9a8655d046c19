/** Where this page stands: `/shop` or `/admin`, behind whatever prefix a proxy has put before us. */
const [, prefix = "", name = "admin"] = /^(.*?)\/(admin|shop)(?=\/|$)/.exec(location.pathname) ?? [];

/** What stands before every address of ours: nothing, or `/backend`. */
export const root = prefix;
/** Which page this is. */
export const page = name === "shop" ? "shop" : "admin";
/** Where the page begins: every address of it stands below. */
export const home = `${prefix}/${page}`;
