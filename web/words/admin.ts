/** What the admin page says. Another language is another file of the same names. */

import { many } from "./kit";

// The shell.
export const callBehind = "Calls";
export const more = "More";
export const palette = "Go to";
export const paletteHint = "A page, an order's number, a product, a customer";
export const nothingOfThatName = "Nothing of that name.";

export const dashboard = "Dashboard";
export const orders = "Orders";
export const products = "Products";
export const customers = "Customers";
export const coupons = "Coupons";
export const deliveryAndTax = "Delivery and tax";
export const invoices = "Invoices";
export const recommendations = "Recommendations";
export const mails = "Mails";
export const audit = "Audit";
export const packingSlips = "Packing slips";
export const noSuchPage = "There is no such page.";
export const toDashboard = "Go to the dashboard";
export const skip = "Skip to the content";
export const pages = "Pages";
export const signOut = "Sign out";
export const callsTitle = "The calls behind this page";
export const colours = { system: "Colours: system", light: "Colours: light", dark: "Colours: dark" };
export const orderTitle = (id: string) => `Order ${id}`;
export const returnTitle = (id: string) => `Return ${id}`;
export const productTitle = (id: string) => `Product ${id}`;
export const stockTitle = (id: string) => `Stock of product ${id}`;
export const customerTitle = (id: string) => `Customer ${id}`;
export const webhookTitle = (id: string) => `Webhook ${id}`;
export const titles: Record<string, string> = {
  "products/new": "New product",
  "products/import": "Import products",
  "stock/low": "Low stock",
  "stock/count": "Delivery or stocktake",
};

// Returns.
export const returns = "Returns";
export const returnsWhat = "return|returns";
export const returnColumn = "Return";
export const allReturns = "All returns";
export const noReturns = "Nobody wants to give anything back.";
export const kind = "Kind";
export const asked = "Asked";
export const units = "Units";
export const state = "State";
export const order = "Order";
export const orderName = (id: number) => `Order ${id}`;
export const all = "All";
export const theirReason = "The customer says";
export const yourAnswer = "What the shop answered";
export const answerField = "A word to the customer";
export const approve = "Let it come back";
export const refuse = "Refuse";
export const withdrawalNote = "A withdrawal needs no approval: wait for the parcel.";
export const cameBack = "What came back";
export const nothingMoreComes = "Nothing more of it comes";
export const closeReturn = "Close the return";
export const cameOf = (most: number, name: string) => `of ${most} × ${name} came back`;
export const sellableOf = (name: string) => `of them can be sold again: ${name}`;
export const payBackToo = "Pay back what it cost";
export const takeIn = (count: number) => `Take in ${many(count, "unit", "units")}`;
export const takenIn = "It is taken in.";
export const decided = "Decided. The customer hears of it.";
export const announced = "Announced";
export const came = "Came";
export const sellable = "Sellable";
export const paidBackUnits = "Paid back";
export const product = "Product";

// Stock.
export const stock = "Stock";
export const stockWhat = "product or variant|products and variants";
export const stockLevels = "Levels";
export const stockLow = "Low";
export const stockCount = "Delivery or stocktake";
export const searchStock = "Search the stock";
export const searchStockHint = "Name, code or barcode";
export const code = "Code";
export const onHand = "On hand";
export const reserved = "Reserved";
export const toSell = "To sell";
export const soldOut = "sold out";
export const low = "low";
export const nothingLow = "Nothing is low.";
export const noStock = "There is no such product.";
export const allStock = "All stock";
export const openProduct = "Open the product";
export const changeStock = "Change the stock";
export const howManyMore = "How many more, or fewer";
export const howManyMoreHint = "12 that came, or -3 that broke";
export const why = "Why";
export const change = "Change";
export const stockSaved = (name: string, left: number) => `${name}: ${left} to sell now.`;
export const ledger = "What was done";
export const ledgerAbout = "Orders are not listed here: they have a history of their own.";
export const noMoves = "Nothing yet.";
export const when = "When";
export const variant = "Variant";
export const countLabel = "A product and a number on each line";
export const countHint =
  "Its code, barcode, address or id, then how many: TEA-250 12. A scanner or a pasted table does it too.";
export const cameMode = "It came in";
export const countedMode = "It was counted";
export const preview = "Preview";
export const before = "Before";
export const after = "After";
export const difference = "Change";
export const writeDown = (count: number) => `Write down ${many(count, "product", "products")}`;
export const writtenDown = (count: number) => `${many(count, "product has", "products have")} a new count.`;
export const takenBack = "Taken back";
export const noSuchLine = (text: string) => `“${text}” is not a product and a number.`;
export const delivery = "A delivery";
export const stocktake = "Stocktake";

// Search.
export const search = "Search";
export const trySearch = "Try a search";
export const trySearchHint = "As a customer would type it";
export const understood = "What the search understood";
export const foundAll = (count: number) => `${many(count, "product has", "products have")} all that was asked for.`;
export const foundInAll = (count: number) => `${many(count, "is", "are")} shown in all.`;
export const matchedWords = "Words that all leading answers have";
export const ignoredWords = "Words that no product has";
export const corrected = "Read as";
export const didYouMean = "Offered instead";
export const askedPrice = "Price that is asked for";
export const nothingUnusual = "Every word was taken as it was typed.";
export const misses = "Searched and not found";
export const noMisses = "Everything was found so far.";
export const words = "Words";
export const times = "Times";
export const lastTime = "Last";
export const tryIt = "Try";
export const synonyms = "Words that mean the same";
export const noSynonyms = "There are none yet.";
export const phrases = "Whoever searches for one of these";
export const phrasesHint = "with commas between them: haldi, haldi powder";
export const finds = "finds these too";
export const findsHint = "without the way back: turmeric. Empty where all mean the same";
export const addSynonyms = "Add";
export const synonymsAdded = "From now on they find each other.";
export const remove = "Remove";
export const removed = "Removed.";
export const proposals = "Seen: searched in vain, then";
export const take = "Take";

// Webhooks.
export const webhooks = "Webhooks";
export const noWebhooks = "No other program hears of what happens here.";
export const newWebhook = "New webhook";
export const webAddress = "Web address";
export const webhookAddress = "Address";
export const hearsOf = "Hears of";
export const addWebhook = "Add webhook";
export const secretOnce = "Its secret, shown this once:";
export const sendTest = "Send a test";
export const testSent = "A test is on its way.";
export const pause = "Pause";
export const resume = "Resume";
export const newSecret = "New secret";
export const newSecretAsk = (url: string) =>
  `Give ${url} a new secret? What checks the old one refuses us after a day.`;
export const removeWebhook = (url: string) => `Tell ${url} nothing any more?`;
export const allWebhooks = "All webhooks";
export const sentToIt = "What it was sent";
export const deliveriesWhat = "delivery|deliveries";
export const nothingSent = "Nothing yet.";
export const tries = "Tries";
export const tryAgain = "Try again";
export const save = "Save";
export const saved = "Saved.";

// The system.
export const system = "System";
export const jobs = "Jobs";
export const backups = "Backups";
export const doctor = "Doctor";
export const settings = "Settings";
export const job = "Job";
export const comes = "Comes";
export const lastRun = "Last run";
export const took = "Took";
export const failed = "Failed";
export const never = "never";
export const onceA = (unit: string) => `every ${unit}`;
export const everyFew = (count: number, unit: string) => `every ${count} ${unit}s`;
export const hourlyAt = (minute: string) => `every hour, ${minute} past`;
export const dailyAt = (time: string) => `every day at ${time}`;
export const weeklyAt = (weekday: number, time: string) =>
  `every ${["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][weekday % 7]} at ${time}`;
export const monthlyAt = (day: string, time: string) => `every month on day ${day} at ${time}`;
export const milliseconds = (ms: number) => `${ms} ms`;
export const backUpNow = "Back up now";
export const backupBegun = "A backup has begun. Look again in a moment.";
export const lookAgain = "Look again";
export const noBackups = "There are no backups yet.";
export const backup = "Backup";
export const engine = "Of";
export const version = "Version";
export const size = "Size";
export const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;
export const restoreAbout = "To put one back, stop the shop and run sanset backup restore with its name.";
export const examine = "Look whether everything adds up";
export const examining = "Looking…";
export const healthy = "Everything adds up.";
export const repairAbout = "Those that can be mended are by sanset doctor --repair.";
export const canMend = "can be mended";
export const searchSettings = "Search the settings";
export const from = "From";
export const onlySet = "Only those that are set";
export const settingsAbout = "Settings are changed where the program is started: see docs/settings.md.";

// Many products at once.
export const chosen = (count: number) => `${count} chosen`;
export const chooseAll = (count: number) => `Choose all ${count} that match`;
export const chooseNone = "Choose none";
export const changeMany = (count: number) => `Change ${many(count, "product", "products")}…`;
export const changeManyTitle = "Change many products";
export const priceChanges = {
  price_percent: "percent more",
  price_by: "amount more",
  price: "is from now on",
};
export const percentOrAmount = "Percent or amount";
export const percentHint = "5 or -12.5, which is less";
export const roundTo = "Rounded to multiples of";
export const category = "Category";
export const taxClass = "Tax class";
export const weight = "Weight in grams";
export const wouldChange = (count: number) => `${count} would change.`;
export const firstOnly = "The first fifty are shown.";
export const changeNow = (count: number) => `Change ${count} now`;
export const changedMany = (count: number) => `${many(count, "product is", "products are")} changed.`;
export const empty = "empty";

// Pictures and variants.
export const pictures = "Pictures";
export const dropPictures = "Drop pictures here, or choose some";
export const pictureAdded = (count: number) => `${many(count, "picture is", "pictures are")} there.`;
export const earlier = (at: number) => `Picture ${at}: earlier`;
export const later = (at: number) => `Picture ${at}: later`;
export const removePicture = (at: number) => `Remove picture ${at}`;
export const removePictureAsk = "Remove this picture?";
export const pictureSays = (at: number) => `What picture ${at} shows`;
export const picturesAbout = "The first stands in lists. Drag to put them in order.";
export const picture = "Picture";
export const asProduct = "as the product";
export const makeVariants = "Make variants";
export const valuesOf = (name: string) => `${name}, with commas between`;
export const valuesHint = "S, M, L";
export const priceOfEach = "Price of each";
export const stockOfEach = "Stock of each";
export const addVariants = (count: number) => `Add ${many(count, "variant", "variants")}`;
export const variantsAdded = (count: number) => `${many(count, "variant is", "variants are")} added.`;
export const madeOfName = "made of the name where empty";

// Categories.
export const categories = "Categories";
export const noCategories = "There are none yet: a product brings its own.";
export const newCategory = "New category";
export const name = "Name";
export const below = "Below";
export const top = "at the top";
export const rename = "New name";
export const mergeInto = "Merge where that name is taken";
export const removeCategoryAsk = (name: string) => `Remove the category ${name}?`;
export const productsIn = (count: number) => many(count, "product", "products");
export const edit = "Change";
export const earlierIn = (name: string) => `${name}: earlier`;
export const laterIn = (name: string) => `${name}: later`;
export const variants = "Variants";
export const price = "Price";

// audit
export const entries = "entry|entries";
export const what = "What";
export const about = "About";
export const by = "By";

// coupons
export const thereAreNoCoupons = "There are no coupons yet.";
export const takesOff = "Takes off";
export const limits = "Limits";
export const used = "Used";
export const usedOf = (uses: string, most: string) => `${uses} of ${most}`;
export const newCoupon = "New coupon";
export const editCoupon = (code: string) => `Change ${code}`;
export const usedFor = (orders: number, amount: string) => `Used for ${many(orders, "order", "orders")} of ${amount}.`;
export const Or50 = "10 % or 50";
export const forOrdersFrom = "For orders from";
export const howOftenInAll = "How often in all";
export const howOftenForOne = "How often for one customer";
export const lastDay = "Last day";
export const makeCoupon = "Make coupon";

// customers
export const searchCustomers = "Search customers";
export const nameEMailOr = "Name, e-mail or phone";
export const accounts = "account|accounts";
export const eMail = "E-mail";
export const phone = "Phone";
export const since = "Since";
export const is = "Is";
export const nobodyOfThatName = "Nobody of that name.";
export const aGuest = "A guest";
export const allCustomers = "All customers";
export const orders2 = (total: string | number) => `Orders (${total})`;
export const noneYet = "None yet.";

// dashboard
export const time = "Time";
export const toDo = "To do";
export const thereIsNothingTo = "There is nothing to do. Everything is packed, paid and sent.";
export const theJobFails = (job: string | number) => `The job ${job} fails`;
export const netSalesBy = (by: string | number) => `Net sales by ${by}`;
export const netSalesByBeside = (by: string | number, timeZone: string | number) =>
  `Net sales by ${by}, beside the time before. ${timeZone}.`;
export const whatSoldBest = "What sold best";
export const sales = "Sales";

// deliveries
export const to = "To";
export const again = "Again";
export const nothingHere = "Nothing here.";

// delivery
export const offerNoLonger = (what: string | number) => `Offer ${what} no longer?`;
export const waysOfDelivery = "Ways of delivery";
export const noneDeliveryIsFree = "None: delivery is free and goes everywhere.";
export const freeFrom = (amount: string | number) => `free from ${amount}`;
export const off = "off";
export const perKilogram = (amount: string) => ` + ${amount} a kilogram`;
export const everywhere = "everywhere";
export const newWayOfDelivery = "New way of delivery";
export const andForAKilogram = "And for a kilogram";
export const freeFromLabel = "Free from";
export const countries = "Countries";
export const suchAsInNp = "such as IN, NP; empty for all";
export const pincodes = "Pincodes";
export const whatTheyBeginWith = "what they begin with";
export const chargeNoLonger = (what: string | number) => `Charge ${what} no longer?`;
export const taxes = "Taxes";
export const none = "None.";
export const newTax = "New tax";
export const percent = "Percent";
export const classWord = "Class";
export const standardWhereEmpty = "standard where empty";
export const country = "Country";
export const suchAsIn = "such as IN";

// invoices
export const documents = "document|documents";
export const number = "Number";
export const issued = "Issued";
export const total = "Total";
export const noInvoicesYetThe =
  "No invoices yet. The setting INVOICES says when they are issued: off, paid or shipped.";

// keys
export const keys = "Keys";
export const searchInTheList = "search in the list";
export const downAndUpThe = "down and up the list, or from record to record; Enter opens, x chooses";
export const ctrlS = "Ctrl S";
export const saveTheForm = "save the form";
export const ctrlEnter = "Ctrl Enter";
export const saveAndGoOn = "save the form and go on to the next record";

// main
export const sansetAdmin = "Sanset admin";

// order-steps
export const isAlready = (state: string, who: string) => `It is ${state} already, by ${who}.`;
export const pack = "Pack";
export const ship = "Ship";
export const delivered = "Delivered";

// order
export const orderIsCancelled = (id: string | number) => `Order ${id} is cancelled.`;
export const allOrders = "All orders";
export const packingSlip = "Packing slip";
export const refund = "Refund…";
export const cancelOrder = "Cancel order";
export const sum = "Sum";
export const customer = "Customer";
export const money = "Money";
export const paidBack = (amount: string | number, state: string) => `Refund of ${amount}: ${state}`;
export const cameFromElsewhereThere = "Came from elsewhere: there is no payment behind it.";
export const notes = "Notes";
export const newNote = "New note";
export const addNote = "Add note";
export const history = "History";

// orders
export const orderIs = (id: string | number, to: string | number) => `Order ${id} is ${to}.`;
export const searchOrders = "Search orders";
export const status = "Status";
export const placed = "Placed";
export const payment = "Payment";
export const nextStep = "Next step";
export const noOrdersHere = "No orders here.";
export const chosenOrders = "Chosen orders";

// product
export const takeOut = "Take out of the catalog";
export const isTakenOut = (name: string) => `${name} is out of the catalog.`;
export const allProducts = "All products";
export const isSaved = (what: string | number) => `${what} is saved.`;
export const leftEmptyWhereThere = "Left empty where there are variants";
export const optionsOfItsVariants = "Options of its variants";
export const suchAsSizeColour = "such as Size, Colour; empty where it has none";
export const codeSku = "Code (SKU)";
export const barcode = "Barcode";
export const description = "Description";
export const unsaved = "Unsaved";
export const discard = "Discard";

// products
export const byName = "By name";
export const searchProducts = "Search products";
export const nameWordOrCode = "Name, word or code";
export const allCategories = "All categories";
export const inStockOrNot = "In stock or not";
export const inStock = "In stock";
export const soldOutOnly = "Sold out";
export const newProduct = "New product";
export const productsWhat = "product|products";
export const priceOf = (what: string | number) => `Price of ${what}`;
export const costsNow = (what: string | number, next: string | number) => `${what} costs ${next} now.`;
export const stockOf = (what: string | number) => `Stock of ${what}`;
export const stockIsAWhole = "Stock is a whole number.";

// recommend
export const trainNow = "Train now";
export const aTrainingHasBegun = "A training has begun. The shop goes on meanwhile.";
export const trainingSteps = {
  reading: "Reading the orders…",
  evaluating: "Trying what recommends best…",
  training: "Learning…",
};
export const lastTraining = (when: string | number, state: string | number, note: string | number) =>
  `Last training ${when}: ${state}. ${note}`;
export const models = "Models";
export const noneYetEverybodyGets = "None yet: everybody gets what is popular.";
export const model = "Model";
export const role = "Role";
export const made = "Made";
export const whatCameOfThe = "What came of the lists";
export const where = "Where";
export const lists = "Lists";
export const clicked = "Clicked";
export const bought = "Bought";

// refund-dialog
export const refundOrder = (id: string | number) => `Refund order ${id}`;
export const paidBackForOrder = (id: string | number) => `Paid back for order ${id}.`;
export const ofThisOrderCan = (amount: string | number) => `${amount} of this order can be paid back.`;
export const backOnTheShelf = "back on the shelf";
export const orAnAmount = "Or an amount";
export const leftEmptyAllThat = "Left empty, all that is left is paid back.";

// shell
export const ctrlK = "Ctrl K";

// slips
export const ordersArePacked = (count: number) => `${many(count, "order is", "orders are")} packed.`;
export const markAsPacked = (count: string | number) => `Mark ${count} as packed`;
export const packed = "Packed";

// webhooks
export const https = "https://…";

// orders, once more
export const orderSays = (id: number, detail: string) => `Order ${id}: ${detail}`;
export const ordersWhat = "order|orders";
export const searchOrdersHint = "Number, name, e-mail, phone, product or code";
export const newOrders = (count: number) => `${many(count, "new order", "new orders")}: show`;
export const ofAll = (at: number, all: number) => `${at} of ${all}…`;
export const ordersAre = (done: number, all: number, state: string) =>
  `${done} of ${many(all, "order", "orders")} ${done === 1 ? "is" : "are"} ${state}.`;
export const chooseFirst = (count: number) => `Choose the first ${count} that match`;
export const stepOrders = (verb: string, count: number) => `${verb} ${many(count, "order", "orders")}`;
export const deliveryToo = (amount: string) => `the delivery too: ${amount}`;
export const payBack = "Pay back";
export const payBackAmount = (amount: string) => `Pay back ${amount}`;
export const shipOrder = (id: number) => `Ship order ${id}`;
export const shipPart = "Ship with tracking, or a part…";
export const shipUnits = (count: number) => `Ship ${many(count, "unit", "units")}`;
export const sent = (count: number) => `${many(count, "unit is", "units are")} on the way.`;
export const trackingNumber = "Tracking number";
export const carrier = "Carrier";
export const cancelAsk = (id: number) => `Cancel order ${id}?`;
export const cancelAndPayBack = (amount: string) => `Cancel and pay back ${amount}`;
export const whatYouDid = "What you did about it";
export const seenTo = "It is seen to";
export const discountBy = (code: string) => `Discount ${code}`;
export const takenOff = "taken off";
export const cameBackPart = "came back";
export const paidBackPart = "paid back";
export const parcel = "Parcel";

// lists, once more
export const printSlips = (count: number) => `Print ${many(count, "slip", "slips")}`;
export const disableAsk = (email: string) => `Disable ${email}? All their sessions end.`;
export const enableAsk = (email: string) => `Let ${email} sign in again?`;
export const noAdminAsk = (email: string) => `${email} will be no admin any more.`;
export const adminAsk = (email: string) => `${email} will be able to do everything that you can.`;
export const disable = "Disable";
export const enable = "Enable";
export const disabled = "disabled";
export const makeCustomer = "Make a customer";
export const makeAdmin = "Make an admin";
export const byRelevance = "By relevance";
export const newest = "Newest";
export const bestSellers = "Best sellers";
export const cheapest = "Cheapest";
export const countedHere = "Counted on the admin page";
export const couponOff = (code: string) => `${code} can not be used any more.`;
export const couponOn = (code: string) => `${code} can be used.`;
export const fromAmount = (what: string) => `from ${what}`;
export const until = (day: string) => `until ${day}`;
export const forEachCustomer = (count: number) => `${count} for each customer`;

// dashboard, once more
export const days = (count: number) => many(count, "day", "days");
export const months = (count: number) => many(count, "month", "months");
export const thisYear = "This year";
export const toPack = "to pack|to pack";
export const toShip = "to ship|to ship";
export const waitForPayment = "waits for payment|wait for payment";
export const paymentsToLookAt = "payment to look at|payments to look at";
export const refundsOnTheirWay = "refund on its way|refunds on their way";
export const returnsOpen = "return to see to|returns to see to";
export const searchesMissed = "search that found nothing|searches that found nothing";
export const soldOutNow = "sold out|sold out";
export const deliveriesGivenUp = "mail or webhook given up|mails and webhooks given up";
export const trained = (when: string) => `Recommendations trained ${when}. `;
export const neverTrained = "Never trained. ";
export const backedUp = (when: string) => `Backed up ${when}.`;
export const noScheduledBackup = "No backup by schedule yet.";
export const netSales = "Net sales";
export const averageOrder = "Average order";
export const newCustomers = "New customers";
export const comingAgain = "Coming again";
export const refunds = "Refunds";
export const asBefore = "as before";
export const noneBefore = "none before";
export const toTheTimeBefore = (change: string) => `${change} to the time before`;

// product, once more
export const priceBeforeSale = "Price before the sale";
export const priceBeforeSaleHint = "shown crossed out; empty where it is in no sale";
// keys, once more
export const lettersAct = "Single letters act";
export const goAnywhere = "go to a page, an order, a product, a customer";
export const noListsShown = "No list was shown yet.";

// delivery, once more
export const productId = "Number of a product";
export const stateOfCountry = "State of the country";
export const pincode = "Pincode";
export const couponCode = "Coupon";
export const goods = "Goods";
export const discount = "Discount";
export const offered = (name: string) => `Offered: ${name}`;

// API keys
export const apiKeys = "Keys";
export const apiKeysAbout = "For programs: each does what its scopes say.";
export const noApiKeys = "There are no keys yet.";
export const scopes = "May";
export const revoke = "Revoke";
export const revokeAsk = (name: string) => `Revoke the key ${name}? What calls with it is refused from then on.`;
export const revoked = "revoked";
export const newKey = "New key";
export const makeKey = "Make key";
export const keyOnce = "The key, shown this once:";

// customers, once more
export const endSessions = "End all sessions";
export const endSessionsAsk = (email: string) => `Sign ${email} out everywhere?`;
export const sessionsEnded = "They are signed out everywhere.";
export const exportPerson = "All that the shop knows";
export const erase = "Erase…";
export const eraseNow = "Erase for good";
export const eraseAsk = (email: string) => `Erase ${email}? Their orders stay without a name. It can't be undone.`;
export const erased = "Erased.";

// import
export const importTitle = "Import products";
export const importAbout =
  "CSV, JSON lines, or the export of another shop. Nothing changes before you have seen what would.";
export const file = "File";
export const categoryWhereNone = "Category where the file has none";
export const changeWhatIsThere = "Change what is there already, found by its address or code";
export const columnsAre = (count: number, program: string | null) =>
  many(count, "column", "columns") + (program === null ? "" : ` of ${program}`);
export const wouldBecome = "What would become of it";
export const became = "What became of it";
export const countNew = "New";
export const countChanged = "Changed";
export const countUnchanged = "Unchanged";
export const countDifferent = "Different, left so";
export const countRefused = "Refused";
export const lineOf = (line: number) => `Line ${line}`;
export const problems = (count: number) => `${many(count, "line is", "lines are")} left out`;
export const download = "Download";
export const takeInValid = (count: number) => `Import ${many(count, "product", "products")}`;
export const imported = (made: number, changed: number) =>
  `${many(made, "is", "are")} new, ${many(changed, "is", "are")} changed.`;

// why
export const whyNot = "Why is this product found so, or not? Its number";
export const atPlace = (place: number) => `at place ${place}.`;
export const takenFor = "Taken for";
export const foundAs = "Found as";
export const standsIn = "Stands in";
export const adds = "Adds";
export const notThere = "not there";
export const inProducts = (count: string) => `in ${count}`;
export const scoreIs = (sum: number, near: number, sells: number, total: number) =>
  `${sum} for the words × ${near} for standing side by side × ${sells} for selling and being in stock = ${total}`;

// orders, a third time
export const waitsFor = "Waits for";
export const waitsOrNot = "Waiting or not";
export const waits = { packing: "to be packed", payment: "for payment", refund: "for a refund", look: "for a look" };
export const paidOrNot = "Paid or not";
export const lowAt = "Low from so many left";
export const lowAtHint = "empty: as the shop has it";

// Recommendations, beyond their list.
export const ndcg20 = "NDCG@20";
export const recall20 = "Recall@20";
export const hitRate10 = "HR@10";
export const goBackToIt = "Go back to it";
export const putIntoService = "Put into service";
export const putOnTrial = "Put on trial";
export const modelIs = (id: number, role: string) =>
  `Model ${id} is ${({ serving: "in service", candidate: "on trial" } as Record<string, string>)[role] ?? "retired"}.`;
export const contendersOf = "How the last training judged them";
export const contender = "Way to recommend";
export const chosenIs = (name: string) => `Chosen on the weeks before: ${name}.`;
export const coverage = "Coverage";
export const newModelLeads = "The new model leads by";
export const between = (low: string, high: string) => `(${low} to ${high})`;
export const learningCurve = "What the training lowers, epoch by epoch";
export const contenders: Record<string, string> = {
  popular: "what is popular",
  popular_ever: "popularity, all time",
  popular_recently: "popularity, last 30 days",
  item_knn_cosine: "item-kNN, cosine",
  item_knn_tfidf: "item-kNN, TF-IDF",
  item_knn_bm25: "item-kNN, BM25",
  rp3beta: "RP3β",
  ease: "EASE",
  factors: "factor model, plain",
  neighbours: "neighbours, with time and trend",
  factors_tuned: "factor model, with time and trend",
  blend: "blend of both",
  current: "the settings in service",
  challenger: "the new model",
};
export const trial = "Trial: two models at once";
export const noTrial = "No model is on trial. One that is gives its lists to a share of the customers.";
export const noListsOfBoth = "Not both have been shown yet";
export const trialLeads = "The trial leads by";
export const trialAbout = (percent: number) =>
  `${percent} % of the customers get the model on trial (RECOMMEND_CANDIDATE_PERCENT). A lead whose interval has no 0 is no chance in 95 of 100 cases.`;
export const endTrial = "End the trial";
export const explainCustomer = "Why a customer gets what they get";
export const emailOrNumber = "E-mail or number of the customer";
export const recommended = "Recommended";
export const timesBought = "Times";
