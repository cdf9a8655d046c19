import orderConfirmedHtml from "./templates/order_confirmed.html.mustache" with { type: "text" };
import orderConfirmedText from "./templates/order_confirmed.txt.mustache" with { type: "text" };
import orderShippedHtml from "./templates/order_shipped.html.mustache" with { type: "text" };
import orderShippedText from "./templates/order_shipped.txt.mustache" with { type: "text" };
import orderCancelledHtml from "./templates/order_cancelled.html.mustache" with { type: "text" };
import orderCancelledText from "./templates/order_cancelled.txt.mustache" with { type: "text" };
import orderRefundedHtml from "./templates/order_refunded.html.mustache" with { type: "text" };
import orderRefundedText from "./templates/order_refunded.txt.mustache" with { type: "text" };
import withdrawalReceivedHtml from "./templates/withdrawal_received.html.mustache" with { type: "text" };
import withdrawalReceivedText from "./templates/withdrawal_received.txt.mustache" with { type: "text" };
import returnDecidedHtml from "./templates/return_decided.html.mustache" with { type: "text" };
import returnDecidedText from "./templates/return_decided.txt.mustache" with { type: "text" };
import invoiceIssuedHtml from "./templates/invoice_issued.html.mustache" with { type: "text" };
import invoiceIssuedText from "./templates/invoice_issued.txt.mustache" with { type: "text" };
import shopNewOrderHtml from "./templates/shop_new_order.html.mustache" with { type: "text" };
import shopNewOrderText from "./templates/shop_new_order.txt.mustache" with { type: "text" };
import shopLowStockHtml from "./templates/shop_low_stock.html.mustache" with { type: "text" };
import shopLowStockText from "./templates/shop_low_stock.txt.mustache" with { type: "text" };
import shopDeliveriesGivenUpHtml from "./templates/shop_deliveries_given_up.html.mustache" with { type: "text" };
import shopDeliveriesGivenUpText from "./templates/shop_deliveries_given_up.txt.mustache" with { type: "text" };
import shopFlaggedPaymentHtml from "./templates/shop_flagged_payment.html.mustache" with { type: "text" };
import shopFlaggedPaymentText from "./templates/shop_flagged_payment.txt.mustache" with { type: "text" };
import footerHtml from "./templates/footer.html.mustache" with { type: "text" };
import footerText from "./templates/footer.txt.mustache" with { type: "text" };
import orderHtml from "./templates/order.html.mustache" with { type: "text" };
import orderText from "./templates/order.txt.mustache" with { type: "text" };
import linkHtml from "./templates/link.html.mustache" with { type: "text" };
import linkText from "./templates/link.txt.mustache" with { type: "text" };
import layoutHtml from "./templates/layout.html.mustache" with { type: "text" };

/** The templates that the shop comes with, by the names of their files. A shop's own folder may have others in their place. */
export const defaultTemplates: ReadonlyMap<string, string> = new Map([
  ["order_confirmed.html", orderConfirmedHtml],
  ["order_confirmed.txt", orderConfirmedText],
  ["order_shipped.html", orderShippedHtml],
  ["order_shipped.txt", orderShippedText],
  ["order_cancelled.html", orderCancelledHtml],
  ["order_cancelled.txt", orderCancelledText],
  ["order_refunded.html", orderRefundedHtml],
  ["order_refunded.txt", orderRefundedText],
  ["withdrawal_received.html", withdrawalReceivedHtml],
  ["withdrawal_received.txt", withdrawalReceivedText],
  ["return_decided.html", returnDecidedHtml],
  ["return_decided.txt", returnDecidedText],
  ["invoice_issued.html", invoiceIssuedHtml],
  ["invoice_issued.txt", invoiceIssuedText],
  ["shop_new_order.html", shopNewOrderHtml],
  ["shop_new_order.txt", shopNewOrderText],
  ["shop_low_stock.html", shopLowStockHtml],
  ["shop_low_stock.txt", shopLowStockText],
  ["shop_deliveries_given_up.html", shopDeliveriesGivenUpHtml],
  ["shop_deliveries_given_up.txt", shopDeliveriesGivenUpText],
  ["shop_flagged_payment.html", shopFlaggedPaymentHtml],
  ["shop_flagged_payment.txt", shopFlaggedPaymentText],
  ["footer.html", footerHtml],
  ["footer.txt", footerText],
  ["order.html", orderHtml],
  ["order.txt", orderText],
  ["link.html", linkHtml],
  ["link.txt", linkText],
  ["layout.html", layoutHtml],
]);
