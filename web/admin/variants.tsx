import { useState } from "preact/hooks";
import { to } from "../kit/address";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { count, money } from "../kit/format";
import { Picture } from "../kit/picture";
import { attempt, say, sayUndoable } from "../kit/toasts";
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
          head={[words.variant, words.code, [words.price], [words.toSell], words.picture]}
          rows={product.variants.map((variant) => [
            <a href={to(`products/${variant.id}`)}>{Object.values(variant.options).join(", ")}</a>,
            variant.sku,
            money(variant.price),
            count(variant.stock),
            <PictureChoice of={variant} among={product.images} again={again} />,
          ])}
        />
      )}
      <NewVariants product={product} again={again} />
    </section>
  );
}

type Variant = Product["variants"][number];
interface ChoiceProps {
  of: Variant;
  among: Product["images"];
  again: () => void;
}

/** Which of its parent's pictures shows a variant; taken at once, and back again. */
function PictureChoice({ of, among, again }: ChoiceProps) {
  const shown = among.find(({ sizes }) => sizes.some(({ url }) => url === of.image_url))?.id ?? null;
  const choose = async (image_id: number | null, before: number | null): Promise<void> => {
    await shop("PATCH /products/{id}", { path: { id: of.id }, body: { image_id } });
    sayUndoable(words.saved, () => choose(before, image_id));
    again();
  };
  return (
    <span class="row">
      <Picture url={of.image_url} width={32} />
      <select
        aria-label={`${words.picture}: ${Object.values(of.options).join(", ")}`}
        value={shown ?? ""}
        onChange={({ currentTarget }) => void attempt(() => choose(Number(currentTarget.value) || null, shown))}
      >
        <option value="">{words.asProduct}</option>
        {among.map(({ id, alt }, at) => (
          <option key={id} value={id}>
            {at + 1} {alt}
          </option>
        ))}
      </select>
    </span>
  );
}

function NewVariants({ product, again }: { product: Product; again: () => void }) {
  const [values, setValues] = useState<Options>({});
  const made = combinationsOf(product, values);
  const add = async ({ price, stock }: Pick<Shapes["NewProduct"], "price" | "stock">, form: HTMLFormElement) => {
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
            ...(price !== undefined && { price }),
            ...(stock !== undefined && { stock }),
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
        <Field name="price" label={words.priceOfEach} kind="money" required />
        <Field name="stock" label={words.stockOfEach} kind="number" />
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
