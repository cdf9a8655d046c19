/**
 * First and second half of the brands beyond the hand-written ones. All are invented; two halves together give enough
 * brands for a catalog of a hundred thousand products.
 */
export const brandStarts: readonly string[] = [
  "Suvarnika",
  "Tarkesha",
  "Meloora",
  "Vanshiko",
  "Ambarto",
  "Kesaroli",
  "Nimora",
  "Dhavalo",
  "Rohinita",
  "Parijo",
  "Indrova",
  "Mayurika",
  "Latavi",
  "Bakulo",
  "Chhayano",
  "Girijaro",
  "Harsolo",
  "Jaisuri",
  "Kadambo",
  "Malhaari",
  "Navrango",
  "Oviyara",
  "Palasho",
  "Revantika",
];

/** Second halves for food, which has a diet, and for everything else. */
export const foodBrandEnds: readonly string[] = ["Pantry", "Harvest", "Kitchens", "Fields", "Larder", "Table"];
export const homeBrandEnds: readonly string[] = ["Home", "Living", "Works", "Essentials", "House", "Comfort"];
