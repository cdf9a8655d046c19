import type { Place, Settings } from "../shop/settings";

/** When an order is expected: the usual time, and what the way beyond the usual distance takes where both ends are known. */
export function deliveryEta(
  settings: Pick<Settings, "deliveryMinutes" | "deliveryKm" | "deliveryKmh" | "shopPlace">,
  address: { lat: number | null; lng: number | null },
  placedAt: Date,
): string {
  const to = address.lat !== null && address.lng !== null ? { lat: address.lat, lng: address.lng } : undefined;
  const { deliveryMinutes, deliveryKm, deliveryKmh, shopPlace } = settings;
  const beyondKm = shopPlace && to ? Math.max(0, distanceKm(shopPlace, to) - deliveryKm) : 0;
  const minutes = deliveryMinutes + (beyondKm / deliveryKmh) * 60;
  return new Date(placedAt.getTime() + Math.round(minutes * 60_000)).toISOString();
}

const EARTH_RADIUS_KM = 6_371;

/**
 * Along the great circle, by the haversine formula (R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68, 1984):
 *   a = sin²(Δlat/2) + cos lat₁ · cos lat₂ · sin²(Δlng/2),  d = 2R · asin √a
 */
export function distanceKm(from: Place, to: Place): number {
  const a =
    Math.sin(radians(to.lat - from.lat) / 2) ** 2 +
    Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * Math.sin(radians(to.lng - from.lng) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(a)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
