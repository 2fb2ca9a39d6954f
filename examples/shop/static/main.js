// Ties the buttons to what they do.
import { downloadInvoice, logIn, showAccount, showOrders, showWishlist } from "/static/account.js";
import { listProducts, search, suggest } from "/static/catalog.js";
import { newCart, pay, shippingRates, useCoupon } from "/static/checkout.js";
import { shareWishlist } from "/static/wishlist.js";

const CLICKS = {
  "new-cart": newCart,
  "use-coupon": useCoupon,
  "rates": shippingRates,
  "pay": pay,
  "search": search,
  "my-account": showAccount,
  "my-orders": showOrders,
  "my-wishlist": showWishlist,
  "invoice": downloadInvoice,
  "share": shareWishlist,
};

for (const [id, action] of Object.entries(CLICKS)) document.getElementById(id).addEventListener("click", action);
document.getElementById("login").addEventListener("submit", logIn);
document.getElementById("suggest").addEventListener("change", suggest);

// The visitor statistics live on a host that is gone.
new Image().src = "http://stats.shop.example/hit.gif?api_key=FAKE-stats-key-7f3a9c1e5b2d8046&page=/";

await listProducts();
