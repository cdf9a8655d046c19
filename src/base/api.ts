/** Where the API of this version begins. */
export const API = "/api/v1";
