import { isLoopback } from "../base/loopback";
import { hostsOf } from "../storage/place";
import type { GivenSettings } from "./setting-groups";
import type { PaymentProviderSettings } from "./settings";

/** What nobody sets for a shop on their own machine, by the names of the settings. */
export function signsOfRealShop(given: GivenSettings, realProviders: readonly PaymentProviderSettings[]): string[] {
  const { databaseUrl, publicUrl, corsOrigins = [], host, trustedProxies } = given;
  const signs: [name: string, isSign: boolean][] = [
    ["PUBLIC_URL", isElsewhere(publicUrl)],
    ["CORS_ORIGINS", corsOrigins.some((origin) => isElsewhere(origin))],
    ["HOST", !isLoopback(host)],
    ["TRUSTED_PROXIES", !trustedProxies.isEmpty],
    ["DATABASE_URL", hostsOf(databaseUrl).some((host) => !isLoopback(host))],
    ...realProviders.map(({ settings }): [string, boolean] => [
      Object.keys(settings.settings)[0] ?? settings.title,
      true,
    ]),
  ];
  return signs.filter(([, isSign]) => isSign).map(([name]) => name);
}

/** Whether customers of a real shop could be sent there: it speaks TLS, and is not this machine. */
function isElsewhere(address: string | undefined): boolean {
  const url = address === undefined ? null : URL.parse(address);
  return url?.protocol === "https:" && !isLoopback(url.hostname);
}
