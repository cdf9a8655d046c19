import { networkOf } from "../base/client-network";
import { ShopError } from "../base/errors";

/** So many bytes of bodies may be under way at once: of one client, and in all. */
const MOST_BYTES_OF_CLIENT = 2_097_152;
const MOST_BYTES = 67_108_864;

/** Bounds what bodies that are not whole yet may hold in memory, however slowly they come. */
export class BodyBudget {
  private bytes = 0;
  private readonly byClient = new Map<string, number>();

  /** Reads a body, which sets bytes aside before it takes them: throws `too_busy` where there are no more. */
  async within<Body>(
    address: string | null,
    read: (setAside: (bytes: number) => void) => Promise<Body>,
  ): Promise<Body> {
    const client = networkOf(address);
    let held = 0;
    const setAside = (bytes: number) => {
      const ofClient = this.byClient.get(client) ?? 0;
      // One alone may be as large as its route lets it be: a picture is larger than all else together.
      const isOneOfMany = ofClient > held && ofClient + bytes > MOST_BYTES_OF_CLIENT;
      if (isOneOfMany || this.bytes + bytes > MOST_BYTES) {
        throw new ShopError("too_busy", "Too much is being sent at once. Try again in a moment.");
      }
      this.add(client, bytes);
      held += bytes;
    };
    try {
      return await read(setAside);
    } finally {
      this.add(client, -held);
    }
  }

  private add(client: string, bytes: number): void {
    this.bytes += bytes;
    const ofClient = (this.byClient.get(client) ?? 0) + bytes;
    if (ofClient > 0) this.byClient.set(client, ofClient);
    else this.byClient.delete(client);
  }
}
