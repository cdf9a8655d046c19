/** A number with its noun, as a person says it: `1 order`, `1,200 orders`. */
export const many = (number: number, one: string, more = `${one}s`): string =>
  `${number.toLocaleString("en")} ${Math.abs(number) === 1 ? one : more}`;
