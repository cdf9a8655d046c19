import { ShopError } from "../base/errors";
import { signsOfRealShop } from "./real-shop";
import { type Environment, readGroup, type SettingGroup } from "./setting";
import { type GivenSettings, settingGroups } from "./setting-groups";
import type { PaymentProviderSettings, Settings } from "./settings";
import { fileOf } from "../storage/place";

/**
 * Reads the settings, those of payment providers too. Throws ShopError `unusable` that names every setting that is wrong and
 * what it should be.
 */
export function loadSettings(environment: Environment, providers: readonly PaymentProviderSettings[]): Settings {
  // What is set to nothing counts as not set, as in `SENTRY_DSN=` of an example file.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const isProduction = set["SANSET_ENV"] === "production";
  const wrong: string[] = [];
  const values = Object.values<SettingGroup>(settingGroups).map((group) => readGroup(group, set, isProduction, wrong));
  // Each group has its part of the whole.
  const given = Object.assign({}, ...values) as GivenSettings;
  const ofProviders = new Map(
    providers.map(({ name, settings }) => [name, readGroup(settings, set, isProduction, wrong)]),
  );
  if (wrong.length > 0) throw unusable(wrong);
  const settings = resolve(given, ofProviders, providers);
  const real = takingRealMoney(providers, ofProviders);
  const objections = [
    ...contradictions(given, providers),
    ...(real.length > 0 ? playMoney(settings, providers) : []),
    ...(isProduction && given.secretKey === undefined ? [NO_SECRET_KEY] : []),
    ...(set["SANSET_ENV"] === undefined ? undeclared(given, real) : []),
    ...providers.flatMap((provider) => provider.objections?.(ofProviders.get(provider.name), settings) ?? []),
  ];
  if (objections.length > 0) throw unusable(objections);
  return settings;
}

function resolve(
  given: GivenSettings,
  ofProviders: ReadonlyMap<string, unknown>,
  providers: readonly PaymentProviderSettings[],
): Settings {
  const production = given.sansetEnv === "production";
  const publicUrl = (given.publicUrl ?? `http://${given.host}:${given.port}`).replace(/\/+$/, "");
  const isReal = takingRealMoney(providers, ofProviders).length > 0;
  const usual = providers.filter(
    (one) => one.isUsual(ofProviders.get(one.name), { production }) && !(isReal && one.isPlayMoney),
  );
  const { shopLat: lat, shopLng: lng } = given;
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency: given.currency,
  }).resolvedOptions();
  return {
    ...given,
    production,
    minorPerMajor: 10 ** maximumFractionDigits,
    publicUrl,
    shopPage: given.shopPage ?? !production,
    corsOrigins: given.corsOrigins ?? (production ? [] : "any"),
    // In the order in which the program knows them, whatever order they were given in.
    paymentProviders: given.paymentProviders
      ? providers.map(({ name }) => name).filter((name) => given.paymentProviders?.includes(name))
      : usual.map(({ name }) => name),
    // The shop's own page knows what to do with who comes back.
    paymentReturnUrl:
      given.paymentReturnUrl ?? ((given.shopPage ?? !production) ? `${publicUrl}/shop/paid` : publicUrl),
    shopPlace: lat !== undefined && lng !== undefined ? { lat, lng } : undefined,
    ofProviders,
  };
}

/** Settings that are good by themselves but not together. */
function contradictions(given: GivenSettings, providers: readonly PaymentProviderSettings[]): string[] {
  const wrong: string[] = [];
  const known = providers.map(({ name }) => name);
  const { paymentProviders: chosen } = given;
  if ((given.shopLat === undefined) !== (given.shopLng === undefined))
    wrong.push("SHOP_LAT and SHOP_LNG belong together: set both or neither");
  if (chosen && (chosen.length === 0 || chosen.some((name) => !known.includes(name))))
    wrong.push(`PAYMENT_PROVIDERS must list some of ${known.join(", ")}`);
  const { databaseUrl, databaseReplicaUrl } = given;
  if (databaseReplicaUrl && [databaseReplicaUrl, databaseUrl].some((address) => fileOf(address) !== undefined))
    wrong.push("DATABASE_REPLICA_URL must be a PostgreSQL server that follows the one of DATABASE_URL");
  if (given.smtpUrl && !given.mailFrom) wrong.push("MAIL_FROM must say whom mail comes from, such as shop@example.com");
  return wrong;
}

function takingRealMoney(
  providers: readonly PaymentProviderSettings[],
  ofProviders: ReadonlyMap<string, unknown>,
): PaymentProviderSettings[] {
  return providers.filter((provider) => provider.isReal?.(ofProviders.get(provider.name)));
}

/** A customer who may choose to pay with nothing does, however real the rest is. */
function playMoney({ paymentProviders }: Settings, providers: readonly PaymentProviderSettings[]): string[] {
  return providers
    .filter(({ name, isPlayMoney }) => isPlayMoney && paymentProviders.includes(name))
    .map(({ name }) => `PAYMENT_PROVIDERS must not name ${name}, which gives goods away, beside a key for real money`);
}

const NO_SECRET_KEY = "SECRET_KEY must be set to 32 or more random characters, for example from: openssl rand -hex 32";

/** Where SANSET_ENV is not set, a shop that looks like a real one would be served as one in development, which gives goods away. */
function undeclared(given: GivenSettings, real: readonly PaymentProviderSettings[]): string[] {
  const signs = signsOfRealShop(given, real);
  if (signs.length === 0) return [];
  return [
    `SANSET_ENV must be set, since this looks like a real shop (${signs.join(", ")}): to production, or to development if it is none`,
  ];
}

function unusable(wrong: string[]): ShopError {
  return new ShopError("unusable", `The settings can't be used:\n${wrong.map((line) => `  ${line}`).join("\n")}`);
}
