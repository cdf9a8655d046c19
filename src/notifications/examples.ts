import type { View } from "../base/template";
import type { OrderFacts } from "../invoices/order-facts";
import type { Settings } from "../shop/settings";
import type { MailKind } from "./kinds";
import { orderView, shopView, wordsOf } from "./views";

const PLACED_AT = "2030-01-01T09:00:00.000Z";

/** An order with everything that an order can have. */
function exampleOrder({ currency }: Settings): OrderFacts {
  return {
    id: 1042,
    user_id: 7,
    is_guest: false,
    currency,
    status: "shipped",
    payment_status: "paid",
    payment_method: "card",
    is_cash: false,
    placed_at: PLACED_AT,
    delivery_eta: "2030-01-02T12:00:00.000Z",
    email: "asha@example.com",
    lines: [
      {
        line: 1,
        product_id: 3,
        name: "Green tea, 100 g",
        sku: "TEA-100",
        hsn: "0902",
        qty: 2,
        cancelled: 0,
        price: 240,
        discount: 48,
        tax: 20.57,
      },
      {
        line: 2,
        product_id: 9,
        name: "Kurta, M, Red",
        sku: null,
        hsn: "6109",
        qty: 1,
        cancelled: 0,
        price: 900,
        discount: 90,
        tax: 38.57,
      },
    ],
    subtotal: 1380,
    discount: 138,
    shipping: 50,
    shipping_method: "Courier",
    tax: 0,
    tax_included: 61.54,
    taxes: [
      { name: "CGST", percent: 2.5, base: 1292, tax: 30.77 },
      { name: "SGST", percent: 2.5, base: 1292, tax: 30.77 },
    ],
    total: 1292,
    due: 0,
    paid: 1292,
    coupon_code: "TEN",
    sold: {
      lines: [
        { line: 1, qty: 2, net_minor: 43_200, tax_class: "standard", cancelled: 0 },
        { line: 2, qty: 1, net_minor: 81_000, tax_class: "standard", cancelled: 0 },
      ],
      shipping_minor: 5_000,
      taxes: [
        { tax_class: "standard", base_minor: 129_200, tax_minor: 3_077 },
        { tax_class: "standard", base_minor: 129_200, tax_minor: 3_077 },
      ],
      total_minor: 129_200,
      cancelled_minor: 0,
      tax_is_included: true,
    },
    address: {
      full_name: "Asha Rao",
      address_line: "12 Lake Road",
      city: "Pune",
      state: "Maharashtra",
      pincode: "411001",
      country: "IN",
      phone: "+91 98450 00000",
    },
    billing_address: {
      full_name: "Rao & Daughters",
      address_line: "1 Mill Lane",
      city: "Pune",
      state: "Maharashtra",
      pincode: "411002",
      country: "IN",
      phone: null,
    },
    tax_id: "27AAAAA0000A1Z5",
    customer_note: "Please ring twice.",
    tracking_number: "AWB 4471 9920",
    carrier: "Blue Dart",
  };
}

/** Something for every name that a template may use, for the check at start and for `sanset mail test`. */
export function exampleViews(settings: Settings): Record<MailKind, View> {
  const words = wordsOf(settings);
  const amount = (major: number) => words.amount(major, settings.currency);
  const base = {
    shop: shopView(settings),
    order: orderView(exampleOrder(settings), settings, "https://example.com/order"),
  };
  const lines = [{ qty: 1, name: "Green tea, 100 g" }];
  const refund = {
    amount: amount(216),
    so_far: amount(216),
    paid: amount(1292),
    reason: "One packet was torn.",
    lines: [{ qty: 1, name: "Green tea, 100 g", amount: amount(216) }],
    taxes: [{ name: `CGST 2.5 % in ${amount(216)}`, amount: amount(5.14) }],
    is_by_hand: false,
    is_delivery: true,
    is_for_something: true,
  };
  const giveBack = {
    name: "withdrawal",
    requested_at: words.moment(PLACED_AT),
    is_withdrawal: true,
    is_approved: true,
    note: "Put the note with the number of your order into the parcel.",
    lines,
  };
  const invoice = {
    title: "Invoice",
    label: "INV-2030-000042",
    total: amount(1292),
    lines: [{ qty: 2, name: "Green tea, 100 g", total: amount(432) }],
    taxes: [{ name: `CGST 2.5 % in ${amount(1292)}`, amount: amount(30.77) }],
  };
  return {
    order_confirmed: base,
    order_shipped: {
      ...base,
      shipment: {
        lines,
        is_part: true,
        has_rest: true,
        tracking: { carrier: "Blue Dart", number: "AWB 4471 9920" },
      },
    },
    order_cancelled: {
      ...base,
      cancellation: { reason: "You asked us to.", money: `What you paid, ${amount(1292)}, goes back to you.` },
    },
    order_refunded: { ...base, refund },
    withdrawal_received: { ...base, return: giveBack },
    return_decided: { ...base, return: giveBack },
    invoice_issued: { ...base, invoice },
    shop_new_order: base,
    shop_low_stock: { shop: base.shop, product: { id: 3, name: "Green tea, 100 g", sku: "TEA-100", available: 2 } },
    shop_deliveries_given_up: {
      shop: base.shop,
      delivery: { id: 81, channel: "webhook", target: "3", tries: 10, failure: "It took too long." },
    },
    shop_flagged_payment: {
      ...base,
      payment: { flag: "The gateway reported another amount or currency than the order has." },
    },
  };
}
