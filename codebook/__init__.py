"""What is meant, as data: types, organisations, places, lexicons; and the small loaders beside them."""
