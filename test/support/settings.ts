import { paymentProviders } from "../../src/payments/providers";
import * as settings from "../../src/shop/load-settings";

/** The settings of a shop that knows every payment provider, as the program loads them. */
export const loadSettings = (environment: Record<string, string | undefined>) =>
  settings.loadSettings(environment, paymentProviders);
