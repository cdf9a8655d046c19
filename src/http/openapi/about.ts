import { version } from "../../../package.json";
import type { About } from "./build";
import { EXAMPLES } from "./examples";
import { WORDS } from "./words";

/** What the documentation says of the API as a whole. */
export const about: About = {
  title: "Sanset",
  version,
  summary: "The whole backend of a shop in one program",
  wording: { words: WORDS, examples: EXAMPLES },
  description: `
Catalog, accounts, cart, orders, search and recommendations.

**Signing in.** \`POST /api/v1/auth/login\` gives an access token, to be sent as \`Authorization: Bearer …\`, and a refresh
token for a new one. On the page of Swagger UI, press Authorize and give e-mail and password.

**Money** is a number in major units (\`40.5\`) with no more digits than the currency has. **Times** are ISO 8601 in UTC.

**Lists** take \`page\` (from 1) and \`size\` (1 to 100, else 20), and also the older \`skip\` and \`limit\`.
Those that are bare arrays say in \`X-Total-Count\` how many there are in all, and in \`Link\` where the first, prev, next and
last page are: by \`skip\` where that was asked for. Addresses, sessions and categories always come whole.

**Fields** that are not in a schema are refused on the way in. Answers may gain fields, but never lose any.

**Failures** are \`application/problem+json\`: \`detail\` is a sentence for a person, \`code\` a word for a program, and
\`request_id\`, also in the header \`X-Request-Id\` of every answer, finds the request in the log.
`.trim(),
  tags: {
    shop: "What the shop is, and what it offers.",
    auth: "Opening an account, signing in, tokens.",
    users: "My account; for admins, everybody's.",
    addresses: "Where my orders go.",
    products: "The catalog; for admins, what is in it.",
    search: "Finding products by words.",
    recommend: "What else somebody might like.",
    cart: "What I am about to buy.",
    orders: "What I have bought; for admins, what everybody has, and where it stands.",
    shipping: "How orders are delivered, and what that costs.",
    tax: "What is taxed where, and how much.",
    payments: "Where payment providers tell what happened.",
    coupons: "What makes an order cheaper.",
    returns: "What customers give back.",
    invoices: "Invoices, credit notes and what is printed for a parcel.",
    keys: "Keys for programs.",
    webhooks: "What other programs are told of, and what became of it.",
    stock: "What lies on the shelves.",
    audit: "Who did what, and when.",
    admin: "What admins look after beside the goods.",
    operating: "How the program is, and what it offers.",
  },
};
