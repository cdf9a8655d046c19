/** Outlines after Lucide 1.23 (ISC licence), drawn with few points, those that the pages use: each page carries its own. */
export const home = "M3 10.5 12 3l9 7.5V21h-6v-7H9v7H3z";
export const orders = "M6 2 3 6v16h18V6l-3-4zM3 6h18M16 10a4 4 0 01-8 0";
export const products = "M21 8 12 3 3 8v8l9 5 9-5zM3 8l9 5 9-5M12 13v8";
export const stock = "M3 21V8l9-5 9 5v13M7 21v-8h10v8M7 17h10";
export const customers =
  "M2 21v-2a4 4 0 014-4h6a4 4 0 014 4v2M9 11a4 4 0 100-8 4 4 0 000 8M22 21v-2a4 4 0 00-3-4M16 3a4 4 0 010 8";
export const coupons = "m12 22-9-9V3h10l9 9zM7.5 7.5h.01";
export const search = "m21 21-4-4M11 19a8 8 0 100-16 8 8 0 000 16";
export const recommend = "M9 18h6M10 22h4M9 14a6.5 6.5 0 116 0z";
export const settings = "M4 21v-7M4 10V3M12 21v-9M12 8V3M20 21v-5M20 12V3M1 14h6M9 8h6M17 16h6";
export const delivery = "M1 4h14v12H1zM15 8h4l4 4v4h-8zM6 20a2 2 0 100-4 2 2 0 000 4M18 20a2 2 0 100-4 2 2 0 000 4";
export const returns = "M3 12a9 9 0 103-7L3 8M3 3v5h5";
export const webhooks = "M18 16a3 3 0 10-2.8-4M6 13a3 3 0 102.9 4H15M12 9a3 3 0 10-2.6-1.5L6.6 13";
export const invoice = "M5 2h14v20l-3-2-4 2-4-2-3 2zM9 8h6M9 12h6";
export const tree = "M14 4h7v6h-7zM14 15h7v6h-7zM3 3v15h11M3 7h11";
export const mail = "M2 4h20v16H2zM22 7l-10 6L2 7";
export const audit = "M12 22a10 10 0 100-20 10 10 0 000 20M12 6v6l4 2";
export const code = "m16 18 6-6-6-6M8 6l-6 6 6 6";
export const sun = "M12 16a4 4 0 100-8 4 4 0 000 8M12 2v2M12 20v2M5 5l1 1M18 18l1 1M2 12h2M20 12h2M5 19l1-1M18 6l1-1";
export const leave = "M9 21H3V3h6M16 17l5-5-5-5M21 12H9";
export const cart = "M9 22a1 1 0 100-2 1 1 0 000 2M19 22a1 1 0 100-2 1 1 0 000 2M1 1h4l3 15h12l3-10H6";
export const account = "M4 21v-2a4 4 0 014-4h8a4 4 0 014 4v2M12 11a4 4 0 100-8 4 4 0 000 8";
export const more = "M4 6h16M4 12h16M4 18h16";
export const print = "M6 9V2h12v7M6 18H2V9h20v9h-4M6 14h12v8H6z";
