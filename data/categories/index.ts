import type { Category } from "../shape";
import { attaRiceAndGrains } from "./atta-rice-and-grains";
import { babyCare } from "./baby-care";
import { baking } from "./baking";
import { biscuitsAndSweets } from "./biscuits-and-sweets";
import { breakfastAndSpreads } from "./breakfast-and-spreads";
import { coldDrinksAndJuices } from "./cold-drinks-and-juices";
import { dairyAndEggs } from "./dairy-and-eggs";
import { dalsAndPulses } from "./dals-and-pulses";
import { dryFruitsAndNuts } from "./dry-fruits-and-nuts";
import { festiveAndPooja } from "./festive-and-pooja";
import { freshFruits } from "./fresh-fruits";
import { freshVegetables } from "./fresh-vegetables";
import { frozenAndReadyToEat } from "./frozen-and-ready-to-eat";
import { homeCleaning } from "./home-cleaning";
import { laundryAndDishwash } from "./laundry-and-dishwash";
import { meatAndFish } from "./meat-and-fish";
import { oilsAndGhee } from "./oils-and-ghee";
import { paperAndKitchen } from "./paper-and-kitchen";
import { pastaNoodlesAndSauces } from "./pasta-noodles-and-sauces";
import { personalCare } from "./personal-care";
import { petCare } from "./pet-care";
import { snacksAndNamkeen } from "./snacks-and-namkeen";
import { spicesAndMasalas } from "./spices-and-masalas";
import { teaAndCoffee } from "./tea-and-coffee";

/** Every aisle of the demo shop, in the order in which one walks past them. */
export const categories: readonly Category[] = [
  freshFruits,
  freshVegetables,
  dairyAndEggs,
  breakfastAndSpreads,
  attaRiceAndGrains,
  dalsAndPulses,
  spicesAndMasalas,
  oilsAndGhee,
  baking,
  pastaNoodlesAndSauces,
  snacksAndNamkeen,
  biscuitsAndSweets,
  teaAndCoffee,
  coldDrinksAndJuices,
  dryFruitsAndNuts,
  frozenAndReadyToEat,
  meatAndFish,
  babyCare,
  petCare,
  homeCleaning,
  laundryAndDishwash,
  personalCare,
  festiveAndPooja,
  paperAndKitchen,
];
