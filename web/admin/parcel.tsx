import type { Shapes } from "../kit/api";

/** Where an order goes, line by line. */
export const Parcel = ({ to }: { to: NonNullable<Shapes["Order"]["address"]> }) => (
  <address>
    {[to.full_name, to.address_line, `${to.pincode} ${to.city}`, to.state, to.country, to.phone]
      .filter(Boolean)
      .map((line) => (
        <div key={line}>{line}</div>
      ))}
  </address>
);
