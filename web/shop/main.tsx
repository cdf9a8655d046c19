import { render } from "preact";
import { useEffect } from "preact/hooks";
import { address, askedNumber, placeOf, to } from "../kit/address";
import { Icon } from "../kit/icon";
import * as icons from "../kit/icons";
import { isGuest, renew, standing } from "../kit/session";
import { SignIn } from "../kit/sign-in";
import { Sure } from "../kit/sure";
import "../kit/theme";
import { Toasts } from "../kit/toasts";
import "../kit/unsaved";
import { about, count, learnAbout } from "../kit/format";
import * as words from "../words/shop";
import { Account } from "./account";
import { CartPage } from "./cart";
import { unitsInCart } from "./cart-state";
import { Checkout } from "./checkout";
import { Home } from "./home";
import { OrderPage } from "./order";
import { ProductPage } from "./product";
import { Results } from "./results";
import { SearchBox } from "./search-box";

/** Who does not want to sign in again goes on as a stranger. */
function closeSignIn(): void {
  if (standing.value === "locked") standing.value = "out";
}

function Shop() {
  useEffect(() => {
    void learnAbout();
    void renew().catch(() => {
      standing.value = "out";
    });
  }, []);
  const units = unitsInCart();
  return (
    <>
      <header class="top">
        <a class="brand" href={to("")}>
          {about.value.name ?? "Sanset"}
        </a>
        <SearchBox />
        <nav aria-label={words.you}>
          <a href={to("account")}>
            <Icon of={icons.account} /> <span>{words.account}</span>
          </a>
          <a href={to("cart")}>
            <Icon of={icons.cart} /> <span>{words.cart}</span> {units > 0 && <b class="count">{count(units)}</b>}
          </a>
        </nav>
      </header>
      <main>{standing.value === "asking" ? null : <View />}</main>
      {standing.value === "locked" && !isGuest && <SignIn title={words.signIn} onDone={closeSignIn} />}
      <Sure />
      <Toasts />
    </>
  );
}

function View() {
  const [place = "", below] = placeOf(address.value).split("/");
  const id = Number(below);
  switch (place) {
    case "":
      return <Home />;
    case "search":
      return <Results />;
    case "products":
      return <ProductPage id={id} />;
    case "cart":
      return <CartPage />;
    case "checkout":
      return <Checkout />;
    case "orders":
      return <OrderPage id={id} />;
    case "paid":
      return <OrderPage id={askedNumber("order_id") ?? 0} hasPaid />;
    case "account":
      return <Account />;
    default:
      return (
        <p class="empty">
          {words.noSuchPage} <a href={to("")}>{words.toTheShop}</a>
        </p>
      );
  }
}

const page = document.getElementById("page");
if (page) render(<Shop />, page);
