import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { importProducts } from "../../src/imports/products/import";
import type { ProductsOptions } from "../../src/imports/products/options";
import { uploaded } from "../../src/imports/source";
import { type Client, newClient } from "../support/client";
import { anyEngine } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";

/** A file with this in it, as another program would have written it: made anew, with the headings and traps of the real ones. */
const take = (shop: TestShop, lines: readonly string[], options: ProductsOptions = {}) =>
  importProducts(shop, uploaded(Buffer.from(lines.join("\n"))), options);

const cell = (text: string) => (/["\n,;|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Rows under headings by name, so that a fixture shows what it is about. */
function table(headings: string, separator: string, ...rows: Record<string, string>[]): string[] {
  const names = headings.split(separator);
  const lines = rows.map((row) => {
    const strange = Object.keys(row).filter((name) => !names.includes(name));
    if (strange.length > 0) throw new Error(`There is no heading ${strange.join()}.`);
    return names.map((name) => cell(row[name] ?? "")).join(separator);
  });
  return [headings, ...lines];
}

const SHOPIFY =
  "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,Google Shopping / Google Product Category,Google Shopping / Gender,Google Shopping / Age Group,Google Shopping / MPN,Variant Image,Variant Weight Unit,Variant Tax Code";

const SHOPIFY_NEW =
  "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Price,Compare-at price,Cost per item,Charge tax,Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,Product image URL,Image position,Variant image URL,SEO title";

const WOO =
  "ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Short description,Description,Date sale price starts,Date sale price ends,Tax status,Tax class,In stock?,Stock,Backorders allowed?,Weight (lbs),Sale price,Regular price,Categories,Tags,Images,Parent,Grouped products,Position,Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 1 global,Attribute 2 name,Attribute 2 value(s),Attribute 2 visible,Attribute 2 global";

const PRESTA =
  "Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax excluded or Price tax included;Tax rules ID;Wholesale price;On sale (0/1);Discount amount;Discount percent;Discount from (yyyy-mm-dd);Discount to (yyyy-mm-dd);Reference #;Supplier reference #;Supplier;Manufacturer;EAN13;UPC;Weight;Quantity;Short description;Description;Tags (x,y,z...);URL rewritten;Image URLs (x,y,z...);Feature(Name:Value:Position);Condition;ID / Name of shop";

const MAGENTO =
  "sku,base_image,store_view_code,attribute_set_code,product_type,categories,product_websites,name,description,short_description,weight,product_online,tax_class_name,visibility,price,special_price,special_price_from_date,special_price_to_date,url_key,additional_attributes,qty,is_in_stock,manage_stock,configurable_variations,bundle_values,associated_skus";

const BIGCOMMERCE =
  "Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Brand Name,Option Set,Product Description,Price,Cost Price,Retail Price,Sale Price,Product Weight,Allow Purchases?,Product Visible?,Product Availability,Track Inventory,Current Stock Level,Low Stock Level,Category,Product Image File - 1,Product Custom Fields,Product UPC/EAN";

const MEDUSA =
  "Product Id,Product Handle,Product Title,Product Status,Product Description,Product Subtitle,Product Thumbnail,Product Type Id,Product Image 1,Product Image 2,Product Material,Product Tag 1,Product Tag 2,Product Weight,Variant Id,Variant Title,Variant Sku,Variant Manage Inventory,Variant Allow Backorder,Variant Barcode,Variant Option 1 Name,Variant Option 1 Value,Variant Option 2 Name,Variant Option 2 Value,Variant Price DKK,Variant Price EUR,Variant Price USD,Variant Weight";

const MEDUSA_V1 =
  "Product Id,Product Handle,Product Title,Product Description,Product Status,Product Thumbnail,Product Collection Title,Product Type,Product Tags,Variant Id,Variant Title,Variant SKU,Variant Barcode,Variant Inventory Quantity,Variant Allow Backorder,Variant Manage Inventory,Price Test region [USD],Price USD,Option 1 Name,Option 1 Value,Option 2 Name,Option 2 Value,Image 1 Url";

const SPREE =
  "product_id,sku,name,slug,status,vendor_name,brand_name,description,tags,price,compare_at_price,currency,weight,weight_unit,track_inventory,inventory_count,inventory_backorderable,tax_category,image1_src,image2_src,option1_name,option1_value,option2_name,option2_value,category1,category2,category3,metafield.properties.fit";

describe.each(anyEngine)("files of other programs on $name", (engine) => {
  let shop: TestShop;
  let admin: Client;

  beforeAll(async () => {
    shop = await freshShop(engine, { CURRENCY: "USD" });
    admin = await newClient(shop, { admin: true });
  });
  afterAll(() => shop.close());

  const product = async (slug: string) => (await admin.get(`/products/slug/${slug}`)).body;

  test("Shopify: a product a handle, with its variants, its first picture and its sale", async () => {
    const file = table(
      SHOPIFY,
      ",",
      {
        Handle: "ocean-shirt",
        Title: "Ocean Shirt",
        "Body (HTML)": "<p>Blue &amp; <b>light</b></p><ul><li>cotton</li></ul>",
        Vendor: "Partners",
        Tags: "men, summer",
        Published: "true",
        "Option1 Name": "Title",
        "Option1 Value": "Default Title",
        "Variant SKU": "OS-1",
        "Variant Grams": "250",
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": "7",
        "Variant Price": "50",
        "Variant Compare At Price": "65.00",
        "Image Src": "https://cdn.example/a.jpg?v=1,2",
        "Image Position": "1",
      },
      { Handle: "ocean-shirt", "Image Src": "https://cdn.example/b.jpg", "Image Position": "2" },
      {
        Handle: "varsity-top",
        Title: "Varsity Top",
        Type: "Tops",
        Published: "true",
        "Option1 Name": "Size",
        "Option1 Value": "Small",
        "Option2 Name": "Colour",
        "Option2 Value": "Red",
        "Variant Inventory Qty": "1",
        "Variant Price": "60",
        "Image Src": "https://cdn.example/c.jpg",
        "Variant Image": "https://cdn.example/c-red.jpg",
      },
      {
        Handle: "varsity-top",
        "Option1 Value": "Medium",
        "Option2 Value": "Red",
        "Variant Inventory Qty": "0",
        "Variant Price": "62.5",
      },
      {
        Handle: "varsity-top",
        "Option1 Value": "Medium",
        "Option2 Value": "Blue",
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": "-2",
        "Variant Price": "62.5",
      },
    );
    const report = await take(shop, file);
    expect(report).toMatchObject({ program: "Shopify", rows: 5, parts: 1, new: 5, refused: 0 });
    expect(await product("ocean-shirt")).toMatchObject({
      name: "Ocean Shirt",
      description: "Blue & light\n\n- cotton",
      category: "men",
      price: 50,
      compare_at_price: 65,
      stock: 7,
      sku: "OS-1",
      weight_grams: 250,
      image_url: "https://cdn.example/a.jpg?v=1,2",
      attributes: { brand: "Partners", tags: "men, summer" },
      variants: [],
    });
    // What Shopify does not count is sold until somebody does; what it has oversold is sold out.
    expect(await product("varsity-top")).toMatchObject({
      category: "Tops",
      option_names: ["Size", "Colour"],
      price: 60,
      highest_price: 62.5,
      image_url: "https://cdn.example/c.jpg",
      variants: [
        { options: { Size: "Small", Colour: "Red" }, stock: 1, image_url: "https://cdn.example/c-red.jpg" },
        { options: { Size: "Medium", Colour: "Red" }, stock: 1_000 },
        { options: { Size: "Medium", Colour: "Blue" }, stock: 0 },
      ],
    });
    expect(await take(shop, file)).toMatchObject({ new: 0, unchanged: 5, different: 0, refused: 0 });
  });

  test("Shopify: the headings of its newer exports, with levels of a category", async () => {
    const file = table(SHOPIFY_NEW, ",", {
      Title: "Wool hat",
      "URL handle": "wool-hat",
      Description: "Warm",
      "Product category": "Apparel & Accessories > Clothing > Hats",
      "Published on online store": "TRUE",
      Status: "Active",
      SKU: "HAT",
      Price: "20.00",
      "Compare-at price": "25",
      "Inventory tracker": "shopify",
      "Inventory quantity": "3",
      "Weight value (grams)": "120",
    });
    expect(await take(shop, file)).toMatchObject({ program: "Shopify", new: 1, refused: 0 });
    expect(await product("wool-hat")).toMatchObject({ category: "Hats", price: 20, compare_at_price: 25, stock: 3 });
    const tree = (await admin.get("/categories?tree=true")).body;
    expect(tree.find(({ category }: { category: string }) => category === "Apparel & Accessories")).toMatchObject({
      children: [{ category: "Clothing", children: [{ category: "Hats" }] }],
    });
  });

  test("WooCommerce: variations join their product, and what is not counted is for sale", async () => {
    const lines = table(
      WOO,
      ",",
      {
        ID: "44",
        Type: "variable",
        SKU: "woo-vneck",
        Name: "V-Neck T-Shirt",
        Published: "1",
        "In stock?": "1",
        "Weight (lbs)": ".5",
        Categories: "Clothing > Tshirts",
        Images: "https://x.example/v.jpg, https://x.example/w.jpg",
        "Attribute 1 name": "Color",
        "Attribute 1 value(s)": "Blue, Red",
        "Attribute 2 name": "Size",
        "Attribute 2 value(s)": "Large, Small",
        Description: "One\\nTwo",
      },
      {
        ID: "46",
        Type: "simple",
        SKU: "woo-hoodie",
        Name: "Hoodie",
        Published: "1",
        "In stock?": "1",
        "Regular price": "45",
        "Sale price": "42",
        Categories: "Clothing > Hoodies",
        "Attribute 1 name": "Color",
        "Attribute 1 value(s)": "Blue",
      },
      {
        ID: "47",
        Type: "simple",
        SKU: "woo-cap",
        Name: "Cap",
        Published: "1",
        "In stock?": "1",
        Stock: "4",
        "Regular price": "18",
        "Sale price": "16",
        "Date sale price ends": "2020-01-01 00:00:00",
        Categories: "Accessories",
      },
      {
        ID: "73",
        Type: "simple, downloadable, virtual",
        SKU: "woo-album",
        Name: "Album",
        Published: "1",
        "In stock?": "0",
        "Regular price": "15",
        Categories: "Music",
      },
      {
        ID: "76",
        Type: "variation",
        SKU: "woo-vneck-red",
        Name: "V-Neck T-Shirt - Red",
        Published: "1",
        "In stock?": "1",
        "Regular price": "20",
        Parent: "woo-vneck",
        Images: "https://x.example/red.jpg",
        "Tax class": "parent",
        "Attribute 1 name": "Color",
        "Attribute 1 value(s)": "Red",
        "Attribute 2 name": "Size",
      },
      {
        ID: "77",
        Type: "variation",
        SKU: "woo-vneck-blue",
        Name: "V-Neck T-Shirt - Blue",
        Published: "1",
        "In stock?": "1",
        Stock: "9",
        "Regular price": "15",
        Parent: "id:44",
        "Attribute 1 name": "Color",
        "Attribute 1 value(s)": "Blue",
        "Attribute 2 name": "Size",
      },
      { ID: "87", Type: "grouped", SKU: "logo", Name: "Logo Collection", "Grouped products": "woo-hoodie, woo-cap" },
    );
    const report = await take(shop, [`\ufeff${lines[0]}`, ...lines.slice(1)]);
    expect(report).toMatchObject({ program: "WooCommerce", rows: 7, new: 6, refused: 1 });
    expect(report.problems).toEqual([
      { line: 8, problem: "type: A product that is grouped has no price and stock of its own." },
    ]);
    const shirt = await product("v-neck-t-shirt");
    expect(shirt).toMatchObject({
      category: "Tshirts",
      description: "One\nTwo",
      weight_grams: 227,
      option_names: ["Color"],
      image_url: "https://x.example/v.jpg",
      attributes: { Size: "Large, Small" },
      variants: [
        {
          sku: "woo-vneck-red",
          options: { Color: "Red" },
          price: 20,
          stock: 1_000,
          image_url: "https://x.example/red.jpg",
        },
        { sku: "woo-vneck-blue", options: { Color: "Blue" }, price: 15, stock: 9 },
      ],
    });
    expect(await product("hoodie")).toMatchObject({
      price: 42,
      compare_at_price: 45,
      stock: 1_000,
      attributes: { Color: "Blue" },
    });
    expect(await product("cap")).toMatchObject({ price: 18, compare_at_price: null, stock: 4 });
    expect(await product("album")).toMatchObject({ stock: 0 });
  });

  test("PrestaShop: semicolons, a discount that is over and one that is not, one barcode for all", async () => {
    const common = {
      "Active (0/1)": "1",
      "Discount from (yyyy-mm-dd)": "2013-06-01",
      EAN13: "1234567890123",
      Manufacturer: "Apple",
      "Image URLs (x,y,z...)": "http://img.example/1.jpg,http://img.example/2.jpg",
      "Short description": "<p>New design.</p>",
    };
    const report = await take(
      shop,
      table(
        PRESTA,
        ";",
        {
          ...common,
          "Name *": "iPod Nano",
          "Categories (x,y,z...)": "Home/iPods",
          "Price tax excluded or Price tax included": "100",
          "Discount percent": "5.5",
          "Discount to (yyyy-mm-dd)": "2018-12-31",
          "Reference #": "RP-1",
          Weight: "0.068357",
          Quantity: "160",
          "URL rewritten": "iPod-Nano",
          "Feature(Name:Value:Position)": "Color:Black:1,Size:M:2",
        },
        {
          ...common,
          "Name *": "MacBook Air",
          "Categories (x,y,z...)": "Laptops",
          "Price tax excluded or Price tax included": "1500",
          "Discount amount": "100",
          "Discount to (yyyy-mm-dd)": "2099-12-31",
          "Reference #": "RP-3",
          Weight: "2.976846",
          Quantity: "400",
          "URL rewritten": "MacBook-Air",
        },
      ),
    );
    expect(report).toMatchObject({ program: "PrestaShop", separator: ";", new: 2, refused: 0 });
    expect(await product("iPod-Nano")).toMatchObject({
      name: "iPod Nano",
      category: "iPods",
      price: 100,
      compare_at_price: null,
      stock: 160,
      weight_grams: 68,
      sku: "RP-1",
      barcode: "1234567890123",
      description: "New design.",
      image_url: "http://img.example/1.jpg",
      attributes: { brand: "Apple", Color: "Black", Size: "M" },
    });
    expect(await product("MacBook-Air")).toMatchObject({ price: 1400, compare_at_price: 1500, barcode: null });
  });

  test("Magento: a configurable product takes in the simple ones above it", async () => {
    const report = await take(
      shop,
      table(
        MAGENTO,
        ",",
        {
          sku: "WS12-XS-Blue",
          product_type: "simple",
          name: "Tank XS Blue",
          price: "39.0000",
          qty: "100.0000",
          is_in_stock: "1",
          url_key: "tank-xs-blue",
          additional_attributes: "color=Blue,size=XS",
        },
        {
          sku: "WS12-S-Blue",
          product_type: "simple",
          name: "Tank S Blue",
          price: "40.0000",
          qty: "5.0000",
          is_in_stock: "1",
          url_key: "tank-s-blue",
        },
        {
          sku: "WS12",
          product_type: "configurable",
          name: "Tank",
          categories: "Default Category/Women,Default Category/Women/Tanks",
          url_key: "tank",
          configurable_variations: "sku=WS12-XS-Blue,size=XS,color=Blue|sku=WS12-S-Blue,size=S,color=Blue",
          additional_attributes: "has_options=1,material=Cotton, soft,climate=Hot",
        },
        { sku: "WS12", store_view_code: "de", product_type: "configurable", name: "Hemd" },
        {
          sku: "24-WG086",
          product_type: "simple",
          name: "Yoga Strap",
          categories: "Default Category/Gear,Default Category/Gear/Fitness Equipment",
          price: "17",
          special_price: "12.5",
          qty: "100",
          is_in_stock: "1",
          weight: "1",
          url_key: "yoga-strap",
          base_image: "https://m.example/s.jpg",
          description: "<ul><li>8' long x 1.0\" wide.<li>soft</ul>",
        },
        { sku: "24-GROUP", product_type: "grouped", name: "Set of Straps", url_key: "straps" },
      ),
    );
    expect(report).toMatchObject({ program: "Magento", rows: 6, parts: 1, new: 4, refused: 1 });
    expect(await product("tank")).toMatchObject({
      category: "Tanks",
      option_names: ["size", "color"],
      attributes: { material: "Cotton, soft", climate: "Hot" },
      variants: [
        { sku: "WS12-XS-Blue", options: { size: "XS", color: "Blue" }, price: 39, stock: 100 },
        { sku: "WS12-S-Blue", options: { size: "S", color: "Blue" }, price: 40, stock: 5 },
      ],
    });
    expect(await product("yoga-strap")).toMatchObject({
      category: "Fitness Equipment",
      price: 12.5,
      compare_at_price: 17,
      weight_grams: 454,
    });
  });

  test("BigCommerce: rows of codes below their product, rules passed over; and a list of five columns", async () => {
    const report = await take(
      shop,
      table(
        BIGCOMMERCE,
        ",",
        {
          "Item Type": "Product",
          "Product ID": "75",
          "Product Name": "Bath towel",
          "Product Code/SKU": "BT",
          Price: "25.00",
          "Retail Price": "30",
          "Product Weight": "1",
          "Product Visible?": "Y",
          "Track Inventory": "by option",
          Category: "Shop All/Bath;Sale",
          "Product Custom Fields": "Fabric=Cotton;Made in=India",
          "Brand Name": "OFS",
        },
        {
          "Item Type": "  SKU",
          "Product ID": "7",
          "Product Name": "[S]Size=Small,[RB]Colour=White",
          "Product Code/SKU": "BT-S",
          "Current Stock Level": "5",
        },
        {
          "Item Type": "  SKU",
          "Product ID": "8",
          "Product Name": "[S]Size=Large,[RB]Colour=White",
          "Product Code/SKU": "BT-L",
          Price: "28",
          "Current Stock Level": "6",
        },
        { "Item Type": "  Rule", "Product ID": "9", "Product Code/SKU": "BT-L", Price: "[ADD]3" },
        {
          "Item Type": "Product",
          "Product ID": "76",
          "Product Name": "Soap",
          "Product Code/SKU": "SO",
          Price: "4",
          "Sale Price": "3.5",
          "Track Inventory": "none",
          "Product Visible?": "Y",
          Category: "Bath",
        },
      ),
    );
    expect(report).toMatchObject({ program: "BigCommerce", rows: 5, parts: 1, new: 4, refused: 0 });
    expect(await product("bath-towel")).toMatchObject({
      category: "Bath",
      option_names: ["Size", "Colour"],
      attributes: { brand: "OFS", Fabric: "Cotton", "Made in": "India" },
      variants: [
        { sku: "BT-S", price: 25, stock: 5 },
        { sku: "BT-L", price: 28, stock: 6 },
      ],
    });
    expect(await product("soap")).toMatchObject({ price: 3.5, compare_at_price: 4, stock: 1_000 });
    const short = await take(shop, [
      "Product Name,SKU,Type,Price,Weight,Category,Description,Inventory Level,Availability",
      'Redline 10" Mattress,RED-10,physical,1275.97,28,Interior Parts,10 inch mattress.,12,available'.replace(
        'Redline 10" Mattress',
        '"Redline 10"" Mattress"',
      ),
      "Air Horn,HORN,physical,199.95,8,Exterior Parts,Loud.,25,available",
    ]);
    expect(short).toMatchObject({ program: "BigCommerce", new: 2, refused: 0 });
    expect(await product("redline-10-mattress")).toMatchObject({
      price: 1275.97,
      stock: 12,
      category: "Interior Parts",
    });
  });

  test("Medusa: exports of both generations, with commas and semicolons, in the shop's currency", async () => {
    const row = {
      "Product Handle": "base-product",
      "Product Title": "Base product",
      "Product Status": "draft",
      "Product Description": "one\nline 2",
      "Product Thumbnail": "test-image.png",
      "Product Image 1": "https://m.example/1.png",
      "Product Tag 1": "Shirts",
      "Product Tag 2": "456",
      "Variant Manage Inventory": "true",
      "Variant Option 1 Name": "size",
      "Variant Option 2 Name": "color",
      "Variant Option 2 Value": "green",
    };
    for (const separator of [",", ";"]) {
      const file = table(
        MEDUSA.replaceAll(",", separator),
        separator,
        {
          ...row,
          "Product Handle": `base${separator === "," ? 1 : 2}`,
          "Variant Option 1 Value": "large",
          "Variant Price EUR": "45",
          "Variant Price USD": "100",
        },
        {
          ...row,
          "Product Handle": `base${separator === "," ? 1 : 2}`,
          "Variant Option 1 Value": "small",
          "Variant Price EUR": "65",
          "Variant Price USD": "200",
        },
      );
      expect(await take(shop, file)).toMatchObject({ program: "Medusa", separator, new: 3, refused: 0, drafts: 1 });
    }
    expect(await product("base2")).toMatchObject({
      name: "Base product",
      category: "Shirts",
      description: "one\nline 2",
      option_names: ["size", "color"],
      price: 100,
      image_url: "https://m.example/1.png",
      variants: [
        { options: { size: "large", color: "green" }, price: 100 },
        { options: { size: "small", color: "green" }, price: 200 },
      ],
    });
    const v1 = {
      "Product Title": "Test product",
      "Product Status": "draft",
      "Variant Inventory Quantity": "10",
      "Variant Manage Inventory": "TRUE",
      "Product Type": "test-type",
      "Option 1 Name": "Size",
    };
    const report = await take(
      shop,
      table(
        MEDUSA_V1,
        ",",
        {
          ...v1,
          "Product Handle": "bedding",
          "Product Description": "Hopper\\nStripes",
          "Variant SKU": "sku-1",
          "Price Test region [USD]": "1.00",
          "Price USD": "1.10",
          "Option 1 Value": "Small",
        },
        { ...v1, "Product Handle": "bedding", "Variant SKU": "sku-2", "Price USD": "1.20", "Option 1 Value": "Medium" },
      ),
    );
    expect(report).toMatchObject({ program: "Medusa", new: 3, refused: 0 });
    expect(await product("bedding")).toMatchObject({
      description: "Hopper\nStripes",
      variants: [{ stock: 10 }, { price: 1.2, stock: 10 }],
    });
    const kroner = table(MEDUSA, ",", { ...row, "Product Handle": "dear", "Variant Price DKK": "30" });
    const [refused] = (await take(shop, kroner, { dryRun: true }).catch((error) => error.details.errors)) as {
      message: string;
    }[];
    expect(refused?.message).toContain("DKK");
  });

  test("Spree: a product's own row above those of its variants", async () => {
    const report = await take(
      shop,
      table(
        SPREE,
        ",",
        {
          product_id: "1",
          sku: "MUG",
          name: "Denim Shirt",
          slug: "denim-shirt",
          status: "active",
          description: "Fine",
          tags: "ECO, Gold",
          price: "62.99",
          compare_at_price: "70.00",
          currency: "USD",
          weight: "0.2",
          weight_unit: "kg",
          track_inventory: "true",
          category1: "Categories -> Men -> Shirts",
          category2: "Collections -> New",
          "metafield.properties.fit": "Slim",
          image1_src: "https://s.example/1.png",
        },
        {
          product_id: "1",
          sku: "DS-S",
          price: "62.99",
          compare_at_price: "70.00",
          inventory_count: "10",
          track_inventory: "true",
          option1_name: "Size",
          option1_value: "S",
        },
        {
          product_id: "1",
          sku: "DS-M",
          price: "64.99",
          inventory_count: "0",
          track_inventory: "true",
          option1_name: "Size",
          option1_value: "M",
        },
        {
          product_id: "2",
          sku: "BALL",
          name: "Ball",
          slug: "ball",
          status: "draft",
          price: "5",
          inventory_count: "3",
          track_inventory: "true",
        },
      ),
    );
    expect(report).toMatchObject({ program: "Spree", rows: 4, new: 4, refused: 0, drafts: 1 });
    expect(await product("denim-shirt")).toMatchObject({
      category: "Shirts",
      attributes: { fit: "Slim", tags: "ECO, Gold" },
      image_url: "https://s.example/1.png",
      variants: [
        { sku: "DS-S", compare_at_price: 70, stock: 10 },
        { sku: "DS-M", price: 64.99, stock: 0 },
      ],
    });
    expect(await product("ball")).toMatchObject({ price: 5, stock: 3, variants: [] });
  });

  test("Vendure: headings padded with spaces, rows that go on below their product", async () => {
    const report = await take(shop, [
      "name       , slug , description          , assets           , facets                                             , optionGroups    , optionValues , sku     , price   , taxCategory , stockOnHand , trackInventory , variantAssets , variantFacets",
      'Laptop     ,      , "Now, ""equipped""." , a-unsplash.jpg   , category:electronics|category:computers|brand:apple, screen size|RAM , "13 inch|8GB", L220    , 1299.00 , standard    , 100         , false          ,               ,',
      "           ,      ,                      ,                  ,                                                    ,                 , 15 inch|16GB , L221    , 1,899.00 , standard   , 0           , true           ,               ,".replace(
        "1,899.00 ",
        '"1,899.00"',
      ),
      "Tablet     ,      , Flat                 , https://v.example/t.jpg , category:electronics                        ,                 ,              , TBL     , 329.00  , standard    , 0           , false          ,               ,",
    ]);
    expect(report).toMatchObject({ program: "Vendure", rows: 3, new: 4, refused: 0 });
    expect(await product("laptop")).toMatchObject({
      description: 'Now, "equipped".',
      category: "computers",
      image_url: null,
      attributes: { brand: "apple" },
      option_names: ["screen size", "RAM"],
      variants: [
        { sku: "L220", price: 1299, stock: 100 },
        { sku: "L221", options: { "screen size": "15 inch", RAM: "16GB" }, price: 1899, stock: 0 },
      ],
    });
    expect(await product("tablet")).toMatchObject({ price: 329, stock: 1_000, category: "electronics" });
  });
});
