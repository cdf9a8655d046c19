/**
 * The answers to statements of one transaction that don't need each other's: they go out in this order, none of them waiting
 * for an answer, so on a server at a distance all of them take the time of one. Throws what the first that failed has thrown,
 * when none is under way any more.
 */
export async function together<Answers extends readonly unknown[]>(
  asked: readonly [...{ [At in keyof Answers]: Promise<Answers[At]> }],
): Promise<Answers> {
  // A mapped tuple of promises is not known to be a list of them.
  const settled = await Promise.allSettled(asked as readonly Promise<unknown>[]);
  const answers = settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
  // They stand where what they answer stands.
  return answers as unknown as Answers;
}
