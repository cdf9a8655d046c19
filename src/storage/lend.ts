import type { Transaction } from "./database";

/** A transaction that stops working when its owner is done, so that a forgotten `await` can't write into another's. */
export function lend(tx: Transaction): { tx: Transaction; end(): void } {
  let over = false;
  return {
    tx: {
      engine: tx.engine,
      all: (sql, values) => (over ? tooLate() : tx.all(sql, values)),
      first: (sql, values) => (over ? tooLate() : tx.first(sql, values)),
      run: (sql, values) => (over ? tooLate() : tx.run(sql, values)),
    },
    end: () => {
      over = true;
    },
  };
}

const tooLate = () => Promise.reject(new Error("This transaction is over: something in it was not awaited."));
