import { cash } from "./gateways/cash";
import { mock } from "./gateways/mock";
import { stripe } from "./gateways/stripe";
import type { PaymentProvider } from "./provider";

/** Every way to pay, in the order in which customers read of them. Another one is added here, and nowhere else. */
export const paymentProviders: readonly PaymentProvider[] = [cash, mock, stripe];
