import { paymentProvider } from "../provider";

/** Cash on delivery: the only way to pay without a gateway. */
export const CASH = "cod";

export const cash = paymentProvider({
  name: CASH,
  settings: { title: "Payments: cash on delivery", settings: {} },
  isUsual: () => true,
  createGateway: () => undefined,
});
