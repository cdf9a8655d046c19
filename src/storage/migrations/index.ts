import shop from "./0001_shop.sql" with { type: "text" };
import search from "./0002_search.sql" with { type: "text" };
import recommend from "./0003_recommend.sql" with { type: "text" };
import checkout from "./0004_checkout.sql" with { type: "text" };
import security from "./0005_security.sql" with { type: "text" };
import places from "./0006_known_places.sql" with { type: "text" };
import audit from "./0007_audit.sql" with { type: "text" };
import leanOrders from "./0008_lean_orders.sql" with { type: "text" };
import auditPruning from "./0100_audit_pruning.sql" with { type: "text" };
import jobRuns from "./0110_job_runs.sql" with { type: "text" };
import secondFactor from "./0114_second_factor.sql" with { type: "text" };
import verifiedEmail from "./0113_verified_email.sql" with { type: "text" };
import sessionEnds from "./0112_session_ends.sql" with { type: "text" };
import trainingProcess from "./0111_training_process.sql" with { type: "text" };
import orderPrices from "./0120_order_prices.sql" with { type: "text" };
import paymentsAgain from "./0121_payments_again.sql" with { type: "text" };
import deliveryAndTax from "./0122_delivery_and_tax.sql" with { type: "text" };
import variants from "./0140_variants.sql" with { type: "text" };
import categories from "./0141_categories.sql" with { type: "text" };
import cartPrices from "./0142_cart_prices.sql" with { type: "text" };
import guests from "./0143_guests.sql" with { type: "text" };
import images from "./0144_images.sql" with { type: "text" };
import growth from "./0160_growth.sql" with { type: "text" };
import cluster from "./0161_cluster.sql" with { type: "text" };
import paymentsOfOrders from "./0162_payments_of_orders.sql" with { type: "text" };
import searchRules from "./0170_search.sql" with { type: "text" };
import searchFollowups from "./0171_search_followups.sql" with { type: "text" };
import searchWords from "./0172_search_words.sql" with { type: "text" };
import popularity from "./0180_popularity.sql" with { type: "text" };
import outbox from "./0190_outbox.sql" with { type: "text" };
import webhooks from "./0191_webhooks.sql" with { type: "text" };
import logIds from "./0270_log_ids.sql" with { type: "text" };
import due from "./0271_due.sql" with { type: "text" };
import ofUsers from "./0272_of_users.sql" with { type: "text" };
import disputes from "./0260_disputes.sql" with { type: "text" };
import invoices from "./0192_invoices.sql" with { type: "text" };
import erasure from "./0193_erasure.sql" with { type: "text" };
import returns from "./0194_returns.sql" with { type: "text" };
import apiKeys from "./0195_api_keys.sql" with { type: "text" };
import reports from "./0200_reports.sql" with { type: "text" };
import leanPayments from "./0210_lean_payments.sql" with { type: "text" };
import shelfMoves from "./0220_shelf_moves.sql" with { type: "text" };
import compareAt from "./0221_compare_at.sql" with { type: "text" };
import lookups from "./0230_lookups.sql" with { type: "text" };
import tries from "./0240_tries.sql" with { type: "text" };
import lowAt from "./0250_low_at.sql" with { type: "text" };
import listed from "./0251_listed.sql" with { type: "text" };
import servedAt from "./0252_served_at.sql" with { type: "text" };
import unsent from "./0241_unsent.sql" with { type: "text" };
import openOrders from "./0260_open_orders.sql" with { type: "text" };
import currency from "./0280_currency.sql" with { type: "text" };
import deleted from "./0281_deleted.sql" with { type: "text" };
import couponPercent from "./0290_coupon_percent.sql" with { type: "text" };
import returnRefunds from "./0291_return_refunds.sql" with { type: "text" };
import bought from "./0292_bought.sql" with { type: "text" };
import waysToPay from "./0293_ways_to_pay.sql" with { type: "text" };
import auditSubject from "./0296_audit_subject.sql" with { type: "text" };
import confirmed from "./0297_confirmed.sql" with { type: "text" };
import modelPieces from "./0298_model_pieces.sql" with { type: "text" };
import searchHeads from "./0300_search_heads.sql" with { type: "text" };

/** By name. Imported, not read from disk, so that the single binary carries them. Released ones are never edited. */
const scripts: Record<string, string> = {
  "0001_shop": shop,
  "0002_search": search,
  "0003_recommend": recommend,
  "0004_checkout": checkout,
  "0005_security": security,
  "0006_known_places": places,
  "0007_audit": audit,
  "0008_lean_orders": leanOrders,
  "0100_audit_pruning": auditPruning,
  "0110_job_runs": jobRuns,
  "0111_training_process": trainingProcess,
  "0112_session_ends": sessionEnds,
  "0113_verified_email": verifiedEmail,
  "0114_second_factor": secondFactor,
  "0120_order_prices": orderPrices,
  "0121_payments_again": paymentsAgain,
  "0122_delivery_and_tax": deliveryAndTax,
  "0140_variants": variants,
  "0141_categories": categories,
  "0142_cart_prices": cartPrices,
  "0143_guests": guests,
  "0144_images": images,
  "0160_growth": growth,
  "0161_cluster": cluster,
  "0162_payments_of_orders": paymentsOfOrders,
  "0170_search": searchRules,
  "0171_search_followups": searchFollowups,
  "0172_search_words": searchWords,
  "0180_popularity": popularity,
  "0190_outbox": outbox,
  "0191_webhooks": webhooks,
  "0192_invoices": invoices,
  "0193_erasure": erasure,
  "0194_returns": returns,
  "0195_api_keys": apiKeys,
  "0200_reports": reports,
  "0210_lean_payments": leanPayments,
  "0220_shelf_moves": shelfMoves,
  "0221_compare_at": compareAt,
  "0230_lookups": lookups,
  "0240_tries": tries,
  "0250_low_at": lowAt,
  "0251_listed": listed,
  "0252_served_at": servedAt,
  "0241_unsent": unsent,
  "0260_disputes": disputes,
  "0260_open_orders": openOrders,
  "0270_log_ids": logIds,
  "0271_due": due,
  "0272_of_users": ofUsers,
  "0280_currency": currency,
  "0281_deleted": deleted,
  "0290_coupon_percent": couponPercent,
  "0291_return_refunds": returnRefunds,
  "0292_bought": bought,
  "0293_ways_to_pay": waysToPay,
  "0296_audit_subject": auditSubject,
  "0297_confirmed": confirmed,
  "0298_model_pieces": modelPieces,
  "0300_search_heads": searchHeads,
};

/** In the order they run: by number. One that comes late, with a number below others that have run, runs all the same. */
export const migrations: Record<string, string> = Object.fromEntries(
  Object.entries(scripts).toSorted(([a], [b]) => (a < b ? -1 : 1)),
);
