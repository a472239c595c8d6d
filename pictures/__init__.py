"""Pictures of what people see, made by script. Beside the product: nothing of it is shipped."""
