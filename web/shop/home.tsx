import { to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop } from "../kit/api";
import { standing } from "../kit/session";
import { Trouble } from "../kit/trouble";
import { about } from "../kit/format";
import { Shelf } from "./shelf";
import { buyAgain, forVisitor } from "./shelves";

export function Home() {
  const who = standing.value;
  const recommended = useAnswer(forVisitor, [who]);
  const again = useAnswer(buyAgain, [who]);
  const categories = useAnswer((signal) => shop("GET /categories", { signal }), []);
  return (
    <>
      <h1 class="unseen">{about.value.name ?? "The shop"}</h1>
      <Trouble of={recommended} />
      <Shelf title={who === "in" ? "For you" : "Popular now"} of={recommended.data ?? []} />
      <Shelf title="Buy again" of={again.data ?? []} />
      <section>
        <h2>Categories</h2>
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
