import { wordsOf } from "../../base/text";
import type { MappedColumn } from "./fields";

/** Words for what a product has, as shopkeepers head their columns in some languages. */
const WORDS: Record<string, string> = {
  name: "name title product productname item bezeichnung artikelname produktname titel nom titre designation libelle nombre titulo producto nome titolo naam productnaam nazwa namn navn",
  price:
    "price unitprice amount rate mrp sellingprice preis verkaufspreis vk prix tarif precio preco prezzo prijs cena pris",
  stock:
    "stock qty quantity inventory onhand available units bestand lagerbestand menge quantite existencias cantidad estoque quantidade giacenza quantita voorraad aantal ilosc lager antal",
  sku: "sku code itemcode productcode articlenumber articleno itemno partnumber stockcode reference ref artikelnummer artnr artikelnr referencia codigo codice artikelnummer kod indeks varenummer",
  barcode: "barcode ean ean13 upc gtin isbn strichcode codebarre codigodebarras",
  category:
    "category categories department group kategorie warengruppe categorie rayon categoria reparto kategoria kategori",
  description:
    "description details longdescription beschreibung descripcion descricao descrizione omschrijving opis beskrivning",
  image_url: "image imageurl picture photo bild bildurl imagen imagem immagine afbeelding zdjecie img",
  slug: "slug handle urlkey permalink",
  "attr.brand": "brand manufacturer vendor marke hersteller marque fabricant marca merk producent",
  compare_at_price: "compareatprice listprice oldprice regularprice rrp uvp statt streichpreis ancienprix",
};

/** What says of another word that it is not the thing itself: a product's type is not its name, nor a currency's code its code. */
const OTHERWISE = new Set("id ids type currency status date url link page visible".split(" "));
const THINGS = new Set(["name", "sku"]);

const FIELD_OF = new Map(
  Object.entries(WORDS).flatMap(([field, words]) => words.split(" ").map((word) => [word, field])),
);

export const USUAL_WORD = "guessed: a usual word for it";

/** What a column seems to be whose heading is no field of the shop. */
export function guessField(heading: string): MappedColumn {
  const words = /[<>{}]/.test(heading) ? [] : wordsOf(heading);
  const whole = FIELD_OF.get(words.join(""));
  if (whole !== undefined) return { heading, field: whole, reason: USUAL_WORD };
  const within = words.map((word) => ({ word, field: FIELD_OF.get(word) })).filter(({ field }) => field !== undefined);
  const [only] = within;
  const isOther = only?.field !== undefined && THINGS.has(only.field) && words.some((word) => OTHERWISE.has(word));
  if (new Set(within.map(({ field }) => field)).size === 1 && only?.field && !isOther) {
    return { heading, field: only.field, reason: `guessed: it has ${only.word} in it` };
  }
  return { heading, field: null, reason: "nothing that a product has is called so" };
}
