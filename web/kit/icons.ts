/** Outlines of Lucide 1.23 (ISC licence), those that the pages use: each page carries its own. */
export const home = "M3 10.5 12 3l9 7.5V20a1 1 0 0 1-1 1h-5v-7H9v7H4a1 1 0 0 1-1-1z";
export const orders = "M6 2 3 6v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2V6l-3-4zM3 6h18M16 10a4 4 0 0 1-8 0";
export const products = "M21 8 12 3 3 8v8l9 5 9-5zM3 8l9 5 9-5M12 13v8";
export const stock = "M3 21V8l9-5 9 5v13M7 21v-8h10v8M7 17h10";
export const customers =
  "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M22 21v-2a4 4 0 0 0-3-3.9M16 3.1a4 4 0 0 1 0 7.8";
export const coupons = "M20.6 13.4 12 22l-9-9V3h10l7.6 7.6a2 2 0 0 1 0 2.8zM7.5 7.5h.01";
export const search = "m21 21-4.3-4.3M11 19a8 8 0 1 0 0-16 8 8 0 0 0 0 16";
export const recommend =
  "M9 18h6M10 22h4M15 14c.2-1 .7-1.7 1.4-2.4A5.5 5.5 0 0 0 12 2.5 5.5 5.5 0 0 0 7.6 11.6C8.3 12.3 8.8 13 9 14";
export const settings = "M4 21v-7M4 10V3M12 21v-9M12 8V3M20 21v-5M20 12V3M1 14h6M9 8h6M17 16h6";
export const delivery =
  "M1 4h14v12H1zM15 8h4l4 4v4h-8zM5.5 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4M18.5 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4";
export const returns = "M3 12a9 9 0 1 0 3-6.7L3 8M3 3v5h5";
export const webhooks = "M18 16a3 3 0 1 0-2.8-4M6 13a3 3 0 1 0 2.9 4H15M12 9a3 3 0 1 0-2.6-1.5L6.6 13";
export const invoice = "M4 2v20l3-2 2 2 3-2 3 2 2-2 3 2V2l-3 2-2-2-3 2-3-2-2 2zM8 8h8M8 12h8M8 16h5";
export const tree =
  "M20 10a1 1 0 0 0 1-1V6a1 1 0 0 0-1-1h-6v5zM20 21a1 1 0 0 0 1-1v-3a1 1 0 0 0-1-1h-6v5zM3 3v14a2 2 0 0 0 2 2h9M3 7.5h11";
export const mail = "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM22 7l-10 6L2 7";
export const audit = "M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20M12 6v6l4 2";
export const code = "m16 18 6-6-6-6M8 6l-6 6 6 6";
export const sun =
  "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v2M12 20v2M5 5l1.4 1.4M17.6 17.6 19 19M2 12h2M20 12h2M5 19l1.4-1.4M17.6 6.4 19 5";
export const leave = "M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4M16 17l5-5-5-5M21 12H9";
export const cart =
  "M9 22a1 1 0 1 0 0-2 1 1 0 0 0 0 2M20 22a1 1 0 1 0 0-2 1 1 0 0 0 0 2M1 1h4l2.7 13.4a2 2 0 0 0 2 1.6h9.7a2 2 0 0 0 2-1.6L23 6H6";
export const account = "M20 21v-2a4 4 0 0 0-4-4H8a4 4 0 0 0-4 4v2M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8";
export const more = "M4 6h16M4 12h16M4 18h16";
export const print =
  "M6 9V2h12v7M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2M6 14h12v8H6z";
