"""Sample papers that the project wrote itself, and what typesets them."""
