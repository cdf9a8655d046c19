/** What the shop's page says. Another language is another file of the same names. */

import { many } from "./kit";

// account
export const signIn = "Sign in";
export const openAnAccount = "Open an account";
export const signOut = "Sign out";
export const orders = "Orders";
export const noneYet = "None yet.";
export const order = (id: string | number) => `Order ${id}`;
export const welcome = (fullName: string | number) => `Welcome, ${fullName}.`;
export const fullName = "Name";
export const eMail = "E-mail";
export const phone = "Phone";
export const password = "Password";
export const passwordHint = "8 or more characters";
export const openAccount = "Open account";

// cart-state
export const isInYourCart = (what: string | number) => `${what} is in your cart.`;

// cart
export const yourCartIsEmpty = "Your cart is empty.";
export const lookAround = "Look around";
export const yourCart = "Your cart";
export const product = "Product";
export const units = "Units";
export const sum = "Sum";
export const onlyLeft = (stock: string | number) => `only ${stock} left`;
export const oneLessOf = (what: string | number) => `One less of ${what}`;
export const oneMoreOf = (what: string | number) => `One more of ${what}`;
export const goods = "Goods";
export const checkOut = "Check out";

// checkout
export const coupon = "Coupon";
export const use = "Use";
export const couponRefused = (code: string, why: string) => `${code}: ${why}`;
export const free = "free";
export const whereTo = "Where to";
export const anotherAddress = "Another address";
export const home = "Home";
export const streetAndHouse = "Street and house";
export const pincode = "Pincode";
export const city = "City";
export const state = "State";
export const country = "Country";
export const deliverThere = "Deliver there";
export const how = "How";
export const whatItComesTo = "What it comes to";
export const total = "Total";
export const ofItTax = (rate: string) => `of it ${rate}`;
export const payment = "Payment";
export const emailForConfirmation = "E-mail, for the confirmation";
export const noteToShop = "A word to the shop";
export const cameBack =
  "Your visit had ended. It has begun anew, with your cart and your address: look at what it comes to, and order again.";
export const orderFor = (amount: string | number) => `Order for ${amount}`;

// home
export const buyAgain = "Buy again";
export const categories = "Categories";

// main
export const you = "You";
export const account = "Account";
export const cart = "Cart";
export const noSuchPage = "There is no such page.";
export const toTheShop = "To the shop";

// order
export const expected = (when: string | number) => `· expected ${when}`;
export const cancelledUnits = (count: string | number) => `${count} of it cancelled`;
export const returnedUnits = (count: string | number) => `${count} of it came back`;
export const toPay = "To be paid";
export const paidBackOn = (when: string) => `Paid back on ${when}`;
export const onItsWay = "on its way";
export const parcel = (when: string) => `Left on ${when}`;
export const whereItGoes = "Where it goes";
export const pay = (amount: string | number) => `Pay ${amount}`;
export const cancelOrder = "Cancel order";
export const cancelAsk = (id: string | number) => `Cancel order ${id}?`;

// product
export const boughtTogether = "Bought together";
export const yesNo = (is: boolean) => (is ? "yes" : "no");
export const similar = "Similar";
export const from = "from";
export const onlyFewLeft = (stock: string | number) => `Only ${stock} left.`;

// results
export const sortedBy = "Order";
export const inStock = "In stock";
export const products = (count: number, shown: string) => many(count, "product", "products", shown);
export const nothingFound = "Nothing found.";
export const seeWhatIsPopular = "See what is popular";
export const showingResultsFor = (corrected: string | number) => `Showing results for “${corrected}”.`;
export const didYouMean = "Did you mean";
export const nothingHereHas = (join: string | number) => `Nothing here has “${join}”.`;
export const costing = (range: string) => `Showing what costs ${range}.`;
export const nothingCosts = (range: string) => `Nothing that was found costs ${range}.`;
export const atMost = (amount: string) => `at most ${amount}`;
export const atLeast = (amount: string) => `at least ${amount}`;
export const between = (least: string, most: string) => `${least} to ${most}`;

// search-box
export const searchTheShop = "Search the shop";
export const suggestions = "Suggestions";

// shelf
export const soldOut = "Sold out";
export const choose = "Choose";
export const add = "Add";
export const costBefore = (amount: string) => `before ${amount}`;
export const addToTheCart = (what: string | number) => `Add ${what} to the cart`;

// once more
export const theShop = "The shop";
export const forYou = "For you";
export const popularNow = "Popular now";
export const bestFirst = "Best first";
export const cheapest = "Cheapest";
export const dearest = "Dearest";
export const newest = "Newest";
export const bestSellers = "Best sellers";
export const allProducts = "All products";
export const yourAccount = "Your account";
export const discount = "Discount";
export const delivery = "Delivery";
export const cashOnDelivery = "Cash on delivery";
export const payOnlineMock = "Pay online (a mock)";
export const payOnline = "Pay online";
export const goneFromCart = (name: string) => `${name} is no longer sold, and is not in your cart any more.`;
export const costsOtherwise = (name: string, now: string, before: string) =>
  `${name} costs ${now} now, before ${before}.`;
export const chooseOf = (names: readonly string[]) => `Choose ${names.join(" and ") || "another"}`;
export const addToCart = "Add to cart";

// returns
export const returns = "Returns";
export const giveBack = "Give something back…";
export const giveBackUnits = (count: number) => `Give back ${many(count, "unit", "units")}`;
export const withdrawn = "Done: send it back. The mail says how.";
export const returnAsked = "The shop will answer by mail.";
export const withdrawalAbout = (days: number) =>
  `Within ${many(days, "day", "days")} of delivery you need no reason. Later the shop decides.`;
export const reason = "Why, if you like to say";
export const sumsAbout = "Delivery and tax as far as they are known: the address comes next.";
