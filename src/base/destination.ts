/** Where goods go, as far as it is known: what delivery and taxes depend on. */
export interface Destination {
  /** ISO 3166. */
  country: string;
  state?: string | null | undefined;
  pincode?: string | null | undefined;
}
