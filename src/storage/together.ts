/**
 * The answers to statements of one transaction that don't need each other's: they go out in this order, none of them waiting
 * for an answer, so on a server at a distance all of them take the time of one. Throws what failed first, when none is under
 * way any more: on PostgreSQL one that fails fails all that come after it.
 */
export async function together<Answers extends readonly unknown[]>(
  asked: readonly [...{ [At in keyof Answers]: Promise<Answers[At]> }],
): Promise<Answers> {
  let failure: { reason: unknown } | undefined;
  // A mapped tuple of promises is not known to be a list of them.
  const answers = (asked as readonly Promise<unknown>[]).map((answer) =>
    answer.catch((reason: unknown) => void (failure ??= { reason })),
  );
  const heard = await Promise.all(answers);
  if (failure) throw failure.reason;
  // They stand where what they answer stands.
  return heard as unknown as Answers;
}
