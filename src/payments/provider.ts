import type { SettingGroup, SettingShape, Values } from "../shop/setting";
import type { PaymentProviderSettings, Settings } from "../shop/settings";
import type { Gateway } from "./gateway";

/** A way to pay: its name, its settings, and what it makes of them. */
export interface PaymentProvider extends PaymentProviderSettings {
  /** Undefined where its settings lack something, and for what needs no gateway. */
  createGateway(own: unknown, settings: Settings): Gateway | undefined;
}

interface Declared<Shape extends SettingShape> {
  name: string;
  settings: SettingGroup<Shape>;
  isUsual(own: Values<Shape>, shop: { production: boolean }): boolean;
  isPlayMoney?: boolean;
  isReal?(own: Values<Shape>): boolean;
  objections?(own: Values<Shape>, settings: Settings): string[];
  createGateway(own: Values<Shape>, settings: Settings): Gateway | undefined;
}

/** Declares a provider, whose functions get the values of its own settings. */
export function paymentProvider<Shape extends SettingShape>(declared: Declared<Shape>): PaymentProvider {
  // The loader reads `own` from the very group that stands beside these functions.
  return declared;
}
