/** What an address says: the servers that it names, and which of them is wanted. */
export interface ServerAddress {
  /** One address for each server, in the order in which they are tried. */
  urls: readonly string[];
  /** Whether only a server that takes writes will do, for reads too. */
  wantsWriter: boolean;
}

const SHAPE = /^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)([^/?]+)(.*)$/;

/**
 * Takes an address apart as libpq does: `postgres://user@one:5432,two:5432/shop?target_session_attrs=read-write` names two
 * servers. Undefined when it is none.
 */
export function serverAddress(url: string): ServerAddress | undefined {
  const [, before = "", hosts = "", after = ""] = SHAPE.exec(url) ?? [];
  const urls = hosts.split(",").map((host) => `${before}${host}${after}`);
  if (hosts === "" || !urls.every((each) => URL.canParse(each))) return undefined;
  const wanted = URL.parse(urls[0] ?? "")?.searchParams.get("target_session_attrs");
  return {
    urls,
    wantsWriter: wanted === null || wanted === undefined ? urls.length > 1 : /^(read-write|primary)$/.test(wanted),
  };
}

/** For messages, and for programs that are given the password otherwise. */
export function withoutPassword(url: string): string {
  if (!serverAddress(url)) return "the given address";
  return url.replace(/^(\w+:\/\/[^@/?:]*):[^@/?]*@/, "$1@");
}
