import { useState } from "preact/hooks";
import { to } from "../kit/address";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { amountIn, count, money } from "../kit/format";
import { say } from "../kit/toasts";
import * as words from "../words/admin";
import { slugOf } from "./slug";
import { Table } from "./table";

type Product = Shapes["ProductDetail"];
type Options = Record<string, string>;

/** The variants of a product, and a form that makes all that its options give together. */
export function Variants({ product, again }: { product: Product; again: () => void }) {
  if (product.option_names.length === 0) return null;
  return (
    <section class="card stack">
      <h2>{words.variants}</h2>
      {product.variants.length > 0 && (
        <Table
          head={[words.variant, words.code, [words.price], [words.toSell]]}
          rows={product.variants.map((variant) => [
            <a href={to(`products/${variant.id}`)}>{Object.values(variant.options).join(", ")}</a>,
            variant.sku,
            money(variant.price),
            count(variant.stock),
          ])}
        />
      )}
      <NewVariants product={product} again={again} />
    </section>
  );
}

function NewVariants({ product, again }: { product: Product; again: () => void }) {
  const [values, setValues] = useState<Options>({});
  const made = combinationsOf(product, values);
  const add = async ({ price = "", stock = "0" }: Record<string, string>, form: HTMLFormElement) => {
    let added = 0;
    try {
      for (const options of made) {
        const slug = slugOf(`${product.slug} ${Object.values(options).join(" ")}`);
        await shop("POST /products", {
          body: {
            parent_id: product.id,
            slug,
            name: product.name,
            category: product.category,
            options,
            price: amountIn(price) ?? Number.NaN,
            stock: Number(stock),
          },
          idempotencyKey: `variant-${slug}`,
        });
        added++;
      }
      form.reset();
      setValues({});
    } finally {
      if (added > 0) say(words.variantsAdded(added));
      again();
    }
  };
  return (
    <Form class="stack" send={add}>
      <h3>{words.makeVariants}</h3>
      <div class="columns">
        {product.option_names.map((name) => (
          <Field
            key={name}
            name={`option ${name}`}
            label={words.valuesOf(name)}
            hint={words.valuesHint}
            required
            onInput={(text) => setValues((before) => ({ ...before, [name]: text }))}
          />
        ))}
        <Field name="price" label={words.priceOfEach} inputmode="decimal" required />
        <Field name="stock" label={words.stockOfEach} inputmode="numeric" />
      </div>
      <Send disabled={made.length === 0}>{words.addVariants(made.length)}</Send>
    </Form>
  );
}

/** Every combination of the values that were typed, without those that are there. */
function combinationsOf({ option_names: names, variants }: Product, values: Options): Options[] {
  const valuesOfEach = names.map((name) => [
    ...new Set(
      (values[name] ?? "")
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean),
    ),
  ]);
  const all = valuesOfEach.reduce<Options[]>(
    (sofar, these, at) => sofar.flatMap((one) => these.map((value) => ({ ...one, [names[at] ?? ""]: value }))),
    [{}],
  );
  return all.filter(
    (one) =>
      Object.keys(one).length === names.length &&
      !variants.some(({ options }) => names.every((name) => options[name] === one[name])),
  );
}
