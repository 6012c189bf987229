"""Rules about routes and what OpenAPI says of them."""
