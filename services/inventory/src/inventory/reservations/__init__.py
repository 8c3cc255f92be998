"""Stock held for orders until it is paid and shipped, or free again."""
