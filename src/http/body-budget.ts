import { type ClientNetwork, clientNetworks } from "../base/client-network";
import { ShopError } from "../base/errors";

/** So many bytes of bodies may be under way at once: of one client (its wider networks have more room), and in all. */
const MOST_BYTES_OF_CLIENT = 2_097_152;
const MOST_BYTES = 67_108_864;

/** Bounds what bodies that are not whole yet may hold in memory, however slowly they come. */
export class BodyBudget {
  private bytes = 0;
  private readonly byNetwork = new Map<string, number>();

  /** Reads a body, which sets bytes aside before it takes them: throws `too_busy` where there are no more. */
  async within<Body>(
    address: string | null,
    read: (setAside: (bytes: number) => void) => Promise<Body>,
  ): Promise<Body> {
    const networks = clientNetworks(address);
    let held = 0;
    const setAside = (bytes: number) => {
      // One alone may be as large as its route lets it be: a picture is larger than all else together.
      const isTooMuch = networks.some(({ key, times }) => {
        const ofNetwork = this.byNetwork.get(key) ?? 0;
        return ofNetwork > held && ofNetwork + bytes > MOST_BYTES_OF_CLIENT * times;
      });
      if (isTooMuch || this.bytes + bytes > MOST_BYTES) {
        throw new ShopError("too_busy", "Too much is being sent at once. Try again in a moment.");
      }
      this.add(networks, bytes);
      held += bytes;
    };
    try {
      return await read(setAside);
    } finally {
      this.add(networks, -held);
    }
  }

  private add(networks: readonly ClientNetwork[], bytes: number): void {
    this.bytes += bytes;
    for (const { key } of networks) {
      const ofNetwork = (this.byNetwork.get(key) ?? 0) + bytes;
      if (ofNetwork > 0) this.byNetwork.set(key, ofNetwork);
      else this.byNetwork.delete(key);
    }
  }
}
