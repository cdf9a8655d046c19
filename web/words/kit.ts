/** What both pages say. Another language is another file of the same names. */

export const unreachable = "The shop can't be reached. Is there a network?";
export const callsBehind = "The calls behind this page";
export const callsAbout = "What this page asked of the public API, the latest first.";
export const asCurl = "With curl";
export const withClient = "With @sanset/client";
export const copy = "Copy";
export const copied = "Copied.";
export const copyOf = (what: string) => `Copy: ${what}`;

// form
export const close = "Close";

export const couldBeTwoAmounts = (typed: string) => `“${typed}” could be two amounts. Write 1234.50.`;

// version
export const somebody = "Somebody";
export const empty = "empty";
export const savedMeanwhile = (who: string) => `Saved while you wrote, by ${who}:`;
export const isNow = (what: string) => `${what} is now`;
export const saveMine = "Save mine all the same";
export const takeTheirs = "Take theirs";

// unsaved
export const leaveUnsaved = "What you changed here is not saved.";
export const leave = "Leave without saving";

/** A number with its noun; `shown` is the number as the shop writes it. */
export const many = (count: number, one: string, more: string, shown: string | number = count): string =>
  `${shown} ${count === 1 ? one : more}`;

/** The one of two nouns, `order|orders`, that stands with a number. */
export const nounOf = (count: number, nouns: string): string => nouns.split("|")[count === 1 ? 0 : 1] ?? nouns;

// units
export const ofMost = (most: number, name: string) => `of ${most} × ${name}`;

// line-chart
export const before = (write: string | number) => `· before ${write}`;

// list
export const chooseAllOnThis = "Choose all on this page";
export const choose = (idOf: string | number) => `Choose ${idOf}`;
export const pagesOfTheList = "Pages of the list";
export const pageBefore = "Before";
export const pageOf = (count: string | number, count2: string | number) => `Page ${count} of ${count2}`;
export const next = "Next";

export const showAll = "Show all";

// walk
export const walk = "Records of the list";
export const recordBefore = "Before";

// session
export const serverAnswered = (status: string | number) => `The server answered ${status}.`;

// sign-in
export const wereAway = "You were away for a while. Nothing you typed is lost.";
export const eMail = "E-mail";
export const password = "Password";
export const codeOfYourAuthenticator = "Code of your authenticator";
export const signIn = "Sign in";

// confirm
export const confirmTitle = "Is it still you?";
export const goOn = "Go on";

// toasts
export const undo = "Undo";

// trouble
export const request = (requestId: string | number) => `Request ${requestId}`;
export const tryAgain = "Try again";

/** What the shop calls a state, where this language has another word for it. */
export const states: Record<string, string> = { owed: "on its way", pending: "payment due" };
export const stateWord = (state: string): string => states[state] ?? state.replaceAll("_", " ");

// file
export const download = "Download";

// views
export const keepView = "Keep this view";
export const dropView = "Forget this view";
export const nameView = "What is this view called?";
