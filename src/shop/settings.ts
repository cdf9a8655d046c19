import type { SettingGroup } from "./setting";
import { type GivenSettings, settingGroups } from "./setting-groups";

/** What follows from other settings where it is not given itself. */
interface Resolved {
  /** Whether this is a real shop. */
  production: boolean;
  /** Minor units in one major unit: 100 paise in a rupee. */
  minorPerMajor: number;
  /** Where customers reach this API, without a slash at the end. */
  publicUrl: string;
  /** Who may call from a browser on another site. `"any"` only in development, where nothing was set. */
  corsOrigins: readonly string[] | "any";
  /** Whether the example of a shop is served at /shop. */
  shopPage: boolean;
  /** What customers may choose to pay with. */
  paymentProviders: readonly string[];
  /** Where a gateway sends customers back to. */
  paymentReturnUrl: string;
  /** Where deliveries start, if the shop says so. */
  shopPlace: Place | undefined;
  /** What payment providers were given of their own settings: see `providerSettings`. */
  ofProviders: ReadonlyMap<string, unknown>;
}

/** Everything that the environment decides, checked once at start. */
export type Settings = Omit<GivenSettings, keyof Resolved> & Resolved;

/** A point on the map, in degrees. */
export interface Place {
  lat: number;
  lng: number;
}

/**
 * What a payment provider brings for the settings. The providers stand above the shop, so the list of them is handed in:
 * see payments/providers.ts. `own` are the values of its own group.
 */
export interface PaymentProviderSettings {
  /** What customers choose, and PAYMENT_PROVIDERS lists. */
  name: string;
  settings: SettingGroup;
  /** Whether it is offered where PAYMENT_PROVIDERS is not set. */
  isUsual(own: unknown, shop: { production: boolean }): boolean;
  /** Whether it gives goods away, for developers. Never offered beside one that takes real money. */
  isPlayMoney?: boolean;
  /** Whether real money goes through it with these settings. */
  isReal?(own: unknown): boolean;
  /** What of its settings does not go with the others, each with the name of a setting. */
  objections?(own: unknown, settings: Settings): string[];
}

/** Every group, in the order in which people read of them. Those of payment providers follow the one on payments. */
export function groupsWith(providers: readonly PaymentProviderSettings[]): SettingGroup[] {
  return Object.values(settingGroups).flatMap((group): SettingGroup[] =>
    group === settingGroups.payments ? [group, ...providers.map(({ settings }) => settings)] : [group],
  );
}

/** What can be set, by name. */
export function settingNames(providers: readonly PaymentProviderSettings[]): string[] {
  return groupsWith(providers).flatMap(({ settings }) => Object.keys(settings));
}
