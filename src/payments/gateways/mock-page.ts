import type { MockPayment } from "./mock-queries";

const said: Record<MockPayment["state"], string> = {
  open: "No money moves here. What should happen?",
  paid: "It is paid.",
  declined: "It was declined.",
  expired: "It ran out.",
};

/**
 * What a developer sees at `payment_url`, with the way back that a real gateway would send them. Nothing in it comes from a
 * customer.
 */
export function mockPage(amount: string, state: MockPayment["state"], back: string): string {
  const buttons = `<form method="post">
      <button name="choice" value="pay">Pay</button>
      <button name="choice" value="later">Pay by a way that takes days</button>
      <button name="choice" value="decline">Decline</button>
      <button name="choice" value="expire">Let it run out</button>
    </form>`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Mock payment</title>
    <style>body { font: 1.1rem system-ui; max-width: 28rem; margin: 15vh auto; padding: 0 1rem } button { font: inherit; padding: .5rem 1rem; margin-right: .5rem }</style>
  </head>
  <body>
    <h1>${amount}</h1>
    <p>${said[state]}</p>
    ${state === "open" ? buttons : ""}
    <p><a href="${Bun.escapeHTML(back)}">Back to the shop</a></p>
  </body>
</html>
`;
}
