import { domainToASCII } from "node:url";

/** What RFC 5321 and RFC 6531 let stand before the @ without quotes, in any script. */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const LOCAL_BYTES_MOST = 64;
const DOMAIN_LENGTH_MOST = 253;

/** Whether mail could be sent there: any local part that needs no quotes, and a domain of two labels or more, in any script. */
export function isEmail(text: string): boolean {
  const { local, domain } = partsOf(plainEmail(text));
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

/**
 * An e-mail as it is kept: without what shows nothing and comes along when text is copied, full-width signs of Asian keyboards as
 * the plain ones, letters with their accents in one piece. Other letters stay what they are: RFC 6532 wants NFC, and advises
 * against NFKC, by which two people would have one address.
 */
export const plainEmail = (text: string): string =>
  withoutInvisible(text)
    .replaceAll(/[\uff01-\uff5e]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) - FULL_WIDTH))
    .replaceAll(/[\u3002\uff61]/g, ".")
    // A phone makes one of two spaces, and a sentence ends with one.
    .replace(/(@[^@]*[^@.])\.+$/, "$1")
    .normalize("NFC");

const FULL_WIDTH = 0xfe_e0;

const withoutInvisible = (text: string): string => text.replaceAll(/\p{Cf}/gu, "").trim();

/** What makes two spellings of one e-mail the same: case, spaces around it, pieces of letters, and how its domain is written. */
export const emailKey = (text: string): string => keyOf(plainEmail(text)).normalize("NFC");

/**
 * The keys under which the account of an e-mail may stand. Programs of before kept a letter and its accent as they were typed, in
 * one piece or in two, so that exactly what is typed comes first.
 */
export const emailKeys = (text: string): string[] => [
  ...new Set([keyOf(withoutInvisible(text)), emailKey(text), emailKey(text).normalize("NFD")]),
];

function keyOf(text: string): string {
  const { local, domain } = partsOf(text);
  if (domain === "") return local.toLowerCase();
  return `${local.toLowerCase()}@${domainToASCII(domain) || domain.toLowerCase()}`;
}

function partsOf(text: string): { local: string; domain: string } {
  const at = text.lastIndexOf("@");
  return at === -1 ? { local: text, domain: "" } : { local: text.slice(0, at), domain: text.slice(at + 1) };
}
