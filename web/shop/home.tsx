import { to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop } from "../kit/api";
import { signIns, standing } from "../kit/session";
import { Trouble } from "../kit/trouble";
import { about } from "../kit/format";
import * as words from "../words/shop";
import { Shelf } from "./shelf";
import { buyAgain, forVisitor } from "./shelves";

export function Home() {
  const who = standing.value;
  const recommended = useAnswer(forVisitor, [who, signIns.value]);
  const again = useAnswer(buyAgain, [who, signIns.value]);
  const categories = useAnswer((signal) => shop("GET /categories", { signal }), []);
  return (
    <>
      <h1 class="unseen">{about.value.name ?? words.theShop}</h1>
      <Trouble of={recommended} />
      <Shelf title={who === "in" ? words.forYou : words.popularNow} of={recommended.data ?? []} />
      <Shelf title={words.buyAgain} of={again.data ?? []} />
      <section>
        <h2>{words.categories}</h2>
        <ul class="chips">
          {(categories.data ?? []).map(({ category }) => (
            <li key={category}>
              <a class="chip" href={to(`search?category=${encodeURIComponent(category)}`)}>
                {category}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
