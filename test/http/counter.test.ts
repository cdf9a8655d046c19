import { describe, expect, test } from "bun:test";
import { type ClientNetwork, clientNetworks } from "../../src/base/client-network";
import { Counter } from "../../src/http/guard/counter";

const keysOf = (address: string | null) => clientNetworks(address).map(({ key }) => key);

describe("the networks of a client", () => {
  test("are its address alone on IPv4", () => {
    expect(clientNetworks("192.0.2.1")).toEqual([{ key: "192.0.2.1", times: 1 }]);
    expect(clientNetworks(null)).toEqual([{ key: "unknown", times: 1 }]);
  });

  test("are its /64, /56 and /48 on IPv6, the wider with more room", () => {
    expect(clientNetworks("2001:db8:7:1234::1")).toEqual([
      { key: "2001:db8:7:1234::/64", times: 1 },
      { key: "2001:db8:7:1200::/56", times: 4 },
      { key: "2001:db8:7::/48", times: 16 },
    ]);
  });

  test("share a /56 where the upper half of the fourth group is the same, and a /48 otherwise", () => {
    const [, half = "", site = ""] = keysOf("2001:db8:7:12ff::1");
    expect(keysOf("2001:db8:7:1200::1").slice(1)).toEqual([half, site]);
    expect(keysOf("2001:db8:7:1300::1")[1]).not.toBe(half);
    expect(keysOf("2001:db8:7:1300::1")[2]).toBe(site);
    expect(keysOf("2001:db8:8:1200::1")[2]).not.toBe(site);
    // What is written without its zeros in front.
    expect(keysOf("2001:db8:7:12::1")[1]).toBe("2001:db8:7:0000::/56");
  });
});

const client = (at: number) => [
  { key: `64-${at}`, times: 1 },
  { key: "56", times: 4 },
  { key: "48", times: 16 },
];

const counting = (counter: Counter) => ({
  count: (of: readonly ClientNetwork[], weight?: number) => counter.count(counter.windowsOf(of), weight),
  charge: (of: readonly ClientNetwork[], ms: number) => counter.charge(counter.windowsOf(of), ms),
  left: (of: readonly ClientNetwork[]) => counter.left(counter.windowsOf(of)),
});

describe("the counter of calls and milliseconds", () => {
  const networks = [{ key: "a", times: 1 }];

  test("counts weights and milliseconds until the minute is over", () => {
    let now = 0;
    const counter = counting(new Counter({ calls: 10, ms: 100 }, () => now));
    expect(counter.count(networks, 4)).toEqual({ calls: 6, ms: 100, resetsInSeconds: 60 });
    counter.charge(networks, 60);
    counter.charge(networks, 50);
    now = 20.5;
    expect(counter.count(networks)).toEqual({ calls: 5, ms: -10, resetsInSeconds: 40 });
    expect(counter.left([{ key: "b", times: 1 }])).toEqual({ calls: 10, ms: 100, resetsInSeconds: 60 });
    now = 60;
    expect(counter.count(networks)).toEqual({ calls: 9, ms: 100, resetsInSeconds: 60 });
  });

  test("gives a wider network as many times the room, and takes the least that is left", () => {
    const counter = counting(new Counter({ calls: 2, ms: 100 }, () => 0));
    const lefts = Array.from({ length: 9 }, (_, at) => counter.count(client(at)).calls);
    expect(lefts).toEqual([1, 1, 1, 1, 1, 1, 1, 0, -1]);
    expect(counter.count([{ key: "64-0", times: 1 }]).calls).toBe(0);
    const times = counting(new Counter({ calls: 2, ms: 100 }, () => 0));
    times.charge(client(0), 150);
    expect(times.left(client(0)).ms).toBe(-50);
    expect(times.left(client(1)).ms).toBe(100);
    times.charge(client(2), 90);
    times.charge(client(3), 90);
    times.charge(client(4), 90);
    expect(times.left(client(1)).ms).toBe(-20);
  });

  test("goes on refusing a site that makes up a network for every call, and forgets none of what it used", () => {
    const counter = counting(new Counter({ calls: 2, ms: 100 }, () => 0, 100));
    const lefts = Array.from({ length: 1_000 }, (_, at) => counter.count(client(at)).calls);
    expect(lefts.findIndex((left) => left < 0)).toBe(8);
    expect(lefts.slice(8).filter((left) => left >= 0)).toEqual([]);
    expect(counter.count([{ key: "another", times: 1 }]).calls).toBe(1);
  });

  test("keeps a client that calls again and again, however many others come once", () => {
    const counter = counting(new Counter({ calls: 1_000, ms: 100 }, () => 0, 100));
    for (let at = 0; at < 500; at++) {
      counter.count([{ key: `once ${at}`, times: 1 }]);
      counter.count([{ key: "again", times: 1 }]);
    }
    expect(counter.left([{ key: "again", times: 1 }]).calls).toBe(500);
  });
});
