import { networkOf } from "../base/client-network";
import { ShopError } from "../base/errors";
import { arrivalOf } from "./arrival";

/** So many bytes of bodies may be under way at once: of one client, and in all. */
const MOST_BYTES_OF_CLIENT = 2_097_152;
const MOST_BYTES = 67_108_864;

const tooBusy = new ShopError("too_busy", "Too much is being sent at once. Try again in a moment.");

/** Bounds what bodies that are not whole yet may hold in memory, however slowly they come. */
export class BodyBudget {
  private bytes = 0;
  private readonly byClient = new Map<string, number>();

  /** Reads a body with as many bytes set aside as it says it has, or may have. Throws `too_busy`. */
  async within<Body>(request: Request, most: number, read: () => Promise<Body>): Promise<Body> {
    const client = networkOf(arrivalOf(request).address);
    const bytes = Math.min(most, Number(request.headers.get("content-length") ?? most) || 0);
    const ofClient = this.byClient.get(client) ?? 0;
    if (ofClient + bytes > MOST_BYTES_OF_CLIENT || this.bytes + bytes > MOST_BYTES) throw tooBusy;
    this.add(client, bytes);
    try {
      return await read();
    } finally {
      this.add(client, -bytes);
    }
  }

  private add(client: string, bytes: number): void {
    this.bytes += bytes;
    const ofClient = (this.byClient.get(client) ?? 0) + bytes;
    if (ofClient > 0) this.byClient.set(client, ofClient);
    else this.byClient.delete(client);
  }
}
