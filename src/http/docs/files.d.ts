// Files that the docs pages need: imported `with { type: "file" }`, each is a path, also inside the binary.
declare module "redoc/bundles/redoc.standalone.js" {
  const path: string;
  export default path;
}
declare module "swagger-ui-dist/swagger-ui-bundle.js" {
  const path: string;
  export default path;
}
declare module "swagger-ui-dist/swagger-ui.css" {
  const path: string;
  export default path;
}
