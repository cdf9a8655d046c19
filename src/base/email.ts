import { domainToASCII } from "node:url";

/** What RFC 5321 and RFC 6531 let stand before the @ without quotes, in any script. */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const LOCAL_BYTES_MOST = 64;
const DOMAIN_LENGTH_MOST = 253;

/** Whether mail could be sent there: any local part that needs no quotes, and a domain of two labels or more, in any script. */
export function isEmail(text: string): boolean {
  const { local, domain } = partsOf(text);
  if (!LOCAL_PART.test(local) || Buffer.byteLength(local) > LOCAL_BYTES_MOST) return false;
  const ascii = domainToASCII(domain);
  const labels = ascii.split(".");
  const top = labels.at(-1) ?? "";
  return (
    ascii.length <= DOMAIN_LENGTH_MOST &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    /[a-z]/.test(top)
  );
}

/** Without what shows nothing and comes along when text is copied. */
export const withoutInvisible = (text: string): string => text.replaceAll(/\p{Cf}/gu, "").trim();

/** What makes two spellings of one e-mail the same: case, spaces around it, and how its domain is written. */
export function emailKey(text: string): string {
  const { local, domain } = partsOf(withoutInvisible(text));
  if (domain === "") return local.toLowerCase();
  return `${local.toLowerCase()}@${domainToASCII(domain) || domain.toLowerCase()}`;
}

function partsOf(text: string): { local: string; domain: string } {
  const at = text.lastIndexOf("@");
  return at === -1 ? { local: text, domain: "" } : { local: text.slice(0, at), domain: text.slice(at + 1) };
}
