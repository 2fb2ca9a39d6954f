// The wish list's share button, which hardly anyone presses.
export function shareWishlist() {
  const link = `${location.origin}/wishlist`;
  if (navigator.share) return navigator.share({ url: link });
  return copyToClipboard(link);
}
