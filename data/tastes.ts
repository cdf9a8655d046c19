/** A kind of household: what it puts into the basket more often than others, and what it never does. */
export interface Taste {
  name: string;
  /** Households of this kind, relative to the others. */
  share: number;
  diet: "vegetarian" | "everything";
  /** How much more than others it buys of a category. */
  categories: Readonly<Record<string, number>>;
  /** The same for single kinds, on top of the category. */
  kinds?: Readonly<Record<string, number>>;
}

export const tastes: readonly Taste[] = [
  {
    name: "vegetarian kitchen",
    share: 22,
    diet: "vegetarian",
    categories: {
      "Fresh Vegetables": 3,
      "Dals and Pulses": 4,
      "Atta, Rice and Grains": 2.5,
      "Spices and Masalas": 2.5,
      "Dairy and Eggs": 1.5,
      "Oils and Ghee": 2,
      "Festive and Pooja": 2,
    },
  },
  {
    name: "fish and meat cooks",
    share: 16,
    diet: "everything",
    categories: { "Meat and Fish": 110, "Spices and Masalas": 2.5, "Frozen and Ready to Eat": 1.5 },
    kinds: { "Chicken Nuggets": 4, "Chicken Masala": 4, "Biryani Masala": 3, "Kachi Ghani Mustard Oil": 2.5 },
  },
  {
    name: "bakers",
    share: 9,
    diet: "everything",
    categories: { Baking: 14, "Dairy and Eggs": 1.6, "Dry Fruits and Nuts": 1.6 },
    kinds: { "Unsalted Butter": 6, "White Eggs": 2, "Fresh Cream": 2.5, "Multigrain Sourdough": 0.3 },
  },
  {
    name: "dog owners",
    share: 8,
    diet: "everything",
    categories: { "Pet Care": 140, "Home Cleaning": 1.6 },
    kinds: {
      "Adult Cat Food Ocean Fish": 0.01,
      "Kitten Food Mackerel": 0.01,
      "Tuna in Jelly Cat Food": 0.01,
      "Clumping Cat Litter": 0.01,
      "Creamy Cat Treats": 0.01,
    },
  },
  {
    name: "cat owners",
    share: 6,
    diet: "everything",
    categories: { "Pet Care": 140, "Home Cleaning": 1.6 },
    kinds: {
      "Adult Dog Food Chicken and Rice": 0.01,
      "Puppy Food Chicken and Milk": 0.01,
      "Dog Gravy Lamb": 0.01,
      "Dental Chew Sticks": 0.01,
      "Chicken Jerky Dog Treats": 0.01,
      "Neem Dog Shampoo": 0.01,
      "Rope Chew Toy": 0.01,
    },
  },
  {
    name: "young parents",
    share: 11,
    diet: "everything",
    categories: { "Baby Care": 150, "Laundry and Dishwash": 1.6, "Fresh Fruits": 1.6 },
    kinds: { "Full Cream Milk": 1.6, "Front-Load Liquid Detergent": 1.6 },
  },
  {
    name: "tea people",
    share: 10,
    diet: "vegetarian",
    categories: { "Tea and Coffee": 11, "Biscuits and Sweets": 4, "Snacks and Namkeen": 1.5 },
    kinds: { Ginger: 2, "Green Cardamom": 2.5, Sugar: 1.5, "Milk Chocolate Bar": 0.5 },
  },
  {
    name: "students",
    share: 10,
    diet: "everything",
    categories: {
      "Snacks and Namkeen": 4.5,
      "Pasta, Noodles and Sauces": 4,
      "Cold Drinks and Juices": 4,
      "Frozen and Ready to Eat": 4,
      "Atta, Rice and Grains": 0.3,
      "Dals and Pulses": 0.3,
      "Spices and Masalas": 0.3,
      "Home Cleaning": 0.5,
    },
    kinds: { "Instant Coffee": 5, "Ruled Notebook": 10, "Gel Pens Blue": 10, "Masala Instant Noodles": 2 },
  },
  {
    name: "health-minded",
    share: 8,
    diet: "everything",
    categories: {
      "Breakfast and Spreads": 4,
      "Dry Fruits and Nuts": 5,
      "Fresh Fruits": 3,
      "Biscuits and Sweets": 0.4,
      "Cold Drinks and Juices": 0.5,
    },
    kinds: {
      Quinoa: 8,
      "Ragi Flour": 4,
      "Foxtail Millet": 6,
      "Green Tea Bags": 5,
      "Greek Yogurt": 5,
      "Roasted Makhana": 4,
      "Tender Coconut Water": 4,
      "Extra Virgin Olive Oil": 4,
      "Chicken Breast": 30,
    },
  },
];
