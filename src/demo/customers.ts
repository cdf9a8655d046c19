import { firstNames, lastNames, neighbourhoods, societyEnds, societyStarts } from "../../data/people";
import { tastes } from "../../data/tastes";
import type { NewAddress } from "../accounts/schema";
import { momentOf } from "./calendar";
import { bell, pick, pickWeighted, type Random, randomFrom, summed } from "../base/random";

/** What decides how a household shops. */
export interface Household {
  /** Positions in `tastes`: what it mostly is, and what it is now and then. */
  taste: number;
  second_taste: number;
  /** 0 looks at the price, 1 is in between, 2 wants the good one. */
  purse: number;
  people: number;
  /** How often it orders, beside others. */
  activity: number;
  /** Day on which it opened its account, counted from the first day of the year; below 0 before it. */
  joined: number;
}

/** What a customer has told the shop. */
export interface CustomerText {
  full_name: string;
  email: string;
  phone: string;
  preferences: { taste: string; diet: string; household_size: number };
  created_at: Date;
  address: NewAddress;
}

/** The first customer is the one that people sign in as. */
export const OM = 0;

/** So many have an account when the year begins; the others open one in its course, in the order of their numbers. */
const THERE_FROM_THE_START = 0.55;
const HOUSEHOLD = 11;
const PERSON = 12;

const tasteShares = summed(tastes.map((taste) => taste.share));

export function householdOf(seed: number, customer: number, customers: number): Household {
  const random = randomFrom(seed, HOUSEHOLD, customer);
  const there = customers * THERE_FROM_THE_START;
  const joined =
    customer < there
      ? -Math.ceil(300 * (1 - customer / there)) - 1
      : Math.floor((350 * (customer - there)) / (customers - there));
  if (customer === OM) {
    const teaPeople = tastes.findIndex(({ name }) => name === "tea people");
    return { taste: teaPeople, second_taste: teaPeople, purse: 1, people: 3, activity: 0.1, joined };
  }
  const taste = pickWeighted(tasteShares, random());
  return {
    taste,
    second_taste: secondTaste(random, taste),
    purse: pickWeighted(summed([3, 5, 2]), random()),
    people: 1 + Math.floor(random() * 5),
    activity: Math.exp(0.8 * bell(random)),
    joined,
  };
}

/** Days are counted from the first day of the year, `start`. */
export function describeCustomer(seed: number, customer: number, customers: number, start: number): CustomerText {
  const household = householdOf(seed, customer, customers);
  const random = randomFrom(seed, PERSON, customer);
  const first = customer === OM ? "Om" : pick(random, firstNames);
  const last = customer === OM ? "Sharma" : pick(random, lastNames);
  const taste = tastes[household.taste];
  return {
    full_name: `${first} ${last}`,
    // Numbered, so that no two are alike, and by seed, so that two seeds make different people.
    email:
      customer === OM
        ? "om@example.com"
        : `${first}.${last}.${seed.toString(36)}-${customer}@example.com`.toLowerCase(),
    phone: inventedPhone(customer),
    preferences: {
      taste: taste?.name ?? "",
      diet: taste?.diet ?? "everything",
      household_size: household.people,
    },
    created_at: momentOf(start + household.joined, 0.3 + 0.6 * random()),
    address: addressIn(random),
  };
}

/** No telephone in India has a number that starts with 0. */
function inventedPhone(customer: number): string {
  const digits = String(customer % 10_000_000).padStart(10, "0");
  return `+91 ${digits.slice(0, 5)} ${digits.slice(5)}`;
}

function addressIn(random: Random): NewAddress {
  const place = pick(random, neighbourhoods);
  const flat = `${1 + Math.floor(random() * 9)}0${1 + Math.floor(random() * 6)}`;
  const society = `${pick(random, societyStarts)} ${pick(random, societyEnds)}`;
  return {
    label: random() < 0.85 ? "Home" : "Office",
    address_line: `Flat ${flat}, ${society}, ${place.name}`,
    city: "Pune",
    state: "Maharashtra",
    pincode: place.pincode,
    lat: nearby(random, place.lat),
    lng: nearby(random, place.lng),
  };
}

function nearby(random: Random, degrees: number): number {
  return Number((degrees + (random() - 0.5) * 0.016).toFixed(5));
}

/** Every third household has another side. Those who eat no meat have none that cooks it. */
function secondTaste(random: Random, taste: number): number {
  if (random() > 0.35) return taste;
  const other = pickWeighted(tasteShares, random());
  const cooksMeat = (tastes[other]?.categories["Meat and Fish"] ?? 1) > 1;
  return cooksMeat && tastes[taste]?.diet === "vegetarian" ? taste : other;
}
